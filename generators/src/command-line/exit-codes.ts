/** What every command of ours ends with. A refusal is never 0. */
export const EXIT = { done: 0, failed: 1, usage: 2, conflicts: 3, precondition: 4, cancelled: 130 } as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** By code, for help and guides. */
export const exitCodeMeanings: Readonly<Record<ExitCode, string>> = {
  0: 'Done.',
  1: 'Failed; the message says what was written.',
  2: 'Wrong usage.',
  3: 'Some files need your decision.',
  4: 'Something is missing or in the way; the message says what to do.',
  130: 'Cancelled.',
}

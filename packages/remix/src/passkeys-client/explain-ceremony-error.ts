/** Why a ceremony came to nothing. */
export type CeremonyProblem =
  /** Closed by its person, or it took too long: browsers do not tell which. */
  | 'cancelled'
  | 'already-registered'
  | 'wrong-domain'
  | 'not-supported'
  /** Another ceremony took its place, or the page was left. Nothing to say. */
  | 'aborted'
  | 'unreachable'
  /** The server said no; the message is its own. */
  | 'refused'
  | 'failed'

export interface CeremonyFailure {
  ok: false
  reason: CeremonyProblem
  /** For the person in front of the screen. */
  message: string
}

const words: Readonly<Record<Exclude<CeremonyProblem, 'refused'>, string>> = {
  cancelled: 'Nothing happened: the passkey was not used. Try again, or choose another way.',
  'already-registered':
    'There is a passkey for this account on this device or in this password manager already.',
  'wrong-domain': 'Passkeys do not work at this address. Open the page under its usual name.',
  'not-supported': 'This browser or device cannot use passkeys here. Choose another way.',
  aborted: 'That was interrupted. Please try again.',
  unreachable: 'We could not be reached. Check your connection and try again.',
  failed: 'Your device could not use the passkey. Please try again, or choose another way.',
}

const problems: Readonly<Record<string, Exclude<CeremonyProblem, 'refused'>>> = {
  NotAllowedError: 'cancelled',
  TimeoutError: 'cancelled',
  InvalidStateError: 'already-registered',
  SecurityError: 'wrong-domain',
  NotSupportedError: 'not-supported',
  ConstraintError: 'not-supported', // it cannot keep a passkey, or not verify its owner
  AbortError: 'aborted',
}

/** Turns what a browser throws into a sentence; nothing of the error itself is shown. */
export function explainCeremonyError(error: unknown): CeremonyFailure {
  const name = error instanceof Error ? error.name : ''
  const reason = Object.hasOwn(problems, name) ? problems[name] : undefined
  return failure(reason ?? 'failed')
}

/** A problem in words. */
export function failure(reason: Exclude<CeremonyProblem, 'refused'>): CeremonyFailure {
  return { ok: false, reason, message: words[reason] }
}

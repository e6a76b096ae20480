/** Who is told of each step. */
export type Say = (line: string) => void

/** One line of progress. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`)
}

/** One line about what went wrong. */
export function complain(line: string): void {
  process.stderr.write(`${line}\n`)
}

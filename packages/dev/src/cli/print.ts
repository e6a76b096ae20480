import { stderr, stdout } from 'node:process'

/** One line of progress or result. */
export function printLine(line = ''): void {
  stdout.write(`${line}\n`)
}

/** One line for a person who has to do something. */
export function printProblem(line: string): void {
  stderr.write(`${line}\n`)
}

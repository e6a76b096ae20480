/** One line of progress. */
export function say(line = '') {
  process.stdout.write(`${line}\n`)
}

/** One line about what went wrong. */
export function complain(line) {
  process.stderr.write(`${line}\n`)
}

/**
 * Whoever reads our output may stop (`… | head -1`): what is left to say goes nowhere, and the work is finished all the
 * same, with its own exit code.
 */
export function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
}

/** Where the library says what an operator should know. Fields hold no secret. */
export interface Logger {
  info(event: string, fields?: Record<string, unknown>): void
  warn(event: string, fields?: Record<string, unknown>): void
  error(event: string, fields?: Record<string, unknown>): void
}

/** One JSON line per event; errors and warnings on stderr. */
export function createJsonLogger(): Logger {
  return {
    info: (event, fields) => write(process.stdout, 'info', event, fields),
    warn: (event, fields) => write(process.stderr, 'warn', event, fields),
    error: (event, fields) => write(process.stderr, 'error', event, fields),
  }
}

function write(
  stream: NodeJS.WritableStream,
  level: string,
  event: string,
  fields: Record<string, unknown> = {},
): void {
  stream.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`)
}

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

/** For eyes, while developing: one line per event, its fields below it, a stack line by line. */
function createReadableLogger(): Logger {
  return {
    info: (event, fields) => writeReadable(process.stdout, 'info', event, fields),
    warn: (event, fields) => writeReadable(process.stderr, 'warn', event, fields),
    error: (event, fields) => writeReadable(process.stderr, 'error', event, fields),
  }
}

/** `sigra dev` asks for the readable one by `SIGRA_LOG=readable`. Production writes JSON, whoever asks. */
export function createDefaultLogger(production: boolean): Logger {
  const isReadable = !production && process.env['SIGRA_LOG'] === 'readable'
  return isReadable ? createReadableLogger() : createJsonLogger()
}

function writeReadable(
  stream: NodeJS.WritableStream,
  level: string,
  event: string,
  { message, stack, ...fields }: Record<string, unknown> = {},
): void {
  const time = new Date().toISOString().slice(11, 19)
  const said = typeof message === 'string' ? `: ${message}` : ''
  const below = Object.entries(fields).map(([name, value]) => `  ${name}: ${textOf(value)}`)
  const frames = typeof stack === 'string' ? framesOf(stack) : []
  stream.write(`${[`${time} ${level} ${event}${said}`, ...below, ...frames].join('\n')}\n`)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A stack was made safe for one line: its line breaks are written out. Only frames get theirs back. */
function framesOf(stack: string): string[] {
  const [, ...frames] = stack.split(String.raw`\u000a    at `)
  return frames.map((frame) => `    at ${frame}`)
}

function write(
  stream: NodeJS.WritableStream,
  level: string,
  event: string,
  fields: Record<string, unknown> = {},
): void {
  stream.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields })}\n`)
}

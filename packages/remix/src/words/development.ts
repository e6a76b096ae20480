/** Also asked in a browser, which has no process. */
export function isDevelopment(): boolean {
  return typeof process !== 'undefined' && process.env['NODE_ENV'] !== 'production'
}

export function warn(sentence: string): void {
  process.emitWarning(sentence, { code: 'SIGRA_WORDS' })
}

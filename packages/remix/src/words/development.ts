/** Also asked in a browser, which has no process. */
export function isDevelopment(): boolean {
  return typeof process !== 'undefined' && process.env['NODE_ENV'] !== 'production'
}

const MOST_TOLD = 100

/** In development, and each sentence once: what is missing may be met in every request, and languages come from outside. */
export function tellOnce(told: Set<string>, sentence: string, tell: (sentence: string) => void): void {
  if (!isDevelopment() || told.size >= MOST_TOLD || told.has(sentence)) return
  told.add(sentence)
  tell(sentence)
}

export function warn(sentence: string): void {
  process.emitWarning(sentence, { code: 'SIGRA_WORDS' })
}

/** What some editors on Windows begin a UTF-8 file with. */
const mark = '\uFEFF'

/** The mark a text begins with; empty where there is none. */
export function findMark(text: string): '' | typeof mark {
  return text.startsWith(mark) ? mark : ''
}

/** The one form in which texts are read, compared and merged. */
export function withoutMark(text: string): string {
  return text.slice(findMark(text).length)
}

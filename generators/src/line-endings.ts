export type LineEnding = '\n' | '\r\n'

/** The line end most lines of a text use; LF where there is none. */
export function findLineEnding(text: string): LineEnding {
  const crlf = text.split('\r\n').length - 1
  const lf = text.split('\n').length - 1 - crlf
  return crlf > lf ? '\r\n' : '\n'
}

/** The one form in which texts are compared and merged. */
export function toLf(text: string): string {
  return text.replaceAll('\r\n', '\n')
}

/** Puts a text back into the line ends its file had. */
export function withLineEnding(text: string, ending: LineEnding): string {
  return ending === '\n' ? toLf(text) : toLf(text).replaceAll('\n', '\r\n')
}

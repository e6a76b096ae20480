const HASH = /^'sha(?:256|384|512)-[\w+/-]+={0,2}'$/
const KEYWORD = /^'(?:self|unsafe-inline|unsafe-eval|unsafe-hashes|wasm-unsafe-eval|report-sample)'$/
const SCHEME = /^[a-z][a-z0-9+.-]*:$/i
const HOST =
  /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?::(?:\d+|\*))?(?:\/[^\s;,?#]*)?$/i
const UNQUOTED =
  /^(?:self|none|unsafe-inline|unsafe-eval|unsafe-hashes|strict-dynamic|report-sample|nonce-.*|sha\d+-.*)$/i

/** Directives that hold a list of sources a host may add to. */
const WIDENED = new Set([
  'default-src',
  'script-src',
  'style-src',
  'style-src-attr',
  'style-src-elem',
  'img-src',
  'font-src',
  'connect-src',
  'media-src',
  'frame-src',
  'child-src',
  'worker-src',
  'manifest-src',
  'form-action',
])

const NOT_FOR_ALL = new Set(['default-src', 'form-action'])

/** Whether a host may add sources to a directive of the Content-Security-Policy. */
export function isWidened(directive: string): boolean {
  return WIDENED.has(directive)
}

/**
 * What is wrong with a source beside what the directive holds already (CSP Level 3, §2.3.1), or `null`: `is …`, to be
 * read after the source. What browsers would ignore is wrong, too.
 */
export function explainSource(directive: string, source: string): string | null {
  if (UNQUOTED.test(source)) return `is a host of that name; the keyword is '${source}', with quotes`
  const isHash = HASH.test(source)
  if (![KEYWORD, SCHEME, HOST, HASH].some((form) => form.test(source)) && source !== '*') {
    return 'is no source of a Content-Security-Policy'
  }
  if (
    directive === 'script-src' &&
    !isHash &&
    source !== "'wasm-unsafe-eval'" &&
    source !== "'report-sample'"
  ) {
    return "has no effect or too much: scripts run by the nonce of the page, or by a hash ('sha256-…')"
  }
  if (directive === 'style-src' && source === "'unsafe-inline'") {
    return 'has no effect beside the nonce; style attributes are style-src-attr'
  }
  if (
    NOT_FOR_ALL.has(directive) &&
    (source === '*' || SCHEME.test(source) || source.startsWith("'unsafe-"))
  ) {
    return 'allows everything there is'
  }
  return null
}

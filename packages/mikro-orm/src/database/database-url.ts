import { ConfigInvalid } from '@sigra/core'

/** What one looks like, for messages. */
export const DATABASE_URL_EXAMPLE = 'postgresql://user:password@host:5432/database'

/**
 * Refuses a database URL that MikroORM, pg and graphile-worker would read in different ways, or not at all. What passes
 * means the same to each of them.
 *
 * @param name The variable it comes from, for the message: `DATABASE_URL`. The value is never part of it.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` naming what is wrong, and what to write instead.
 */
export function checkDatabaseUrl(name: string, text: string): void {
  const problem = explain(text)
  if (problem !== null) throw new ConfigInvalid(`${name} ${problem}`)
}

function explain(text: string): string | null {
  if (/^\s|\s$|^(["']).*\1$/s.test(text)) return 'must have no quotes or spaces around it'
  if (!/^postgres(?:ql)?:\/\//i.test(text))
    return `must begin with postgresql://, like ${DATABASE_URL_EXAMPLE}`
  if (text.includes('#')) return 'contains a # that is not encoded: write %23'
  if (/%(?![0-9a-f]{2})/i.test(text)) return 'contains a % that is not encoded: write %25'
  if (/[\s\\]/.test(text)) return 'contains a space or a backslash that is not encoded: write %20 or %5C'
  const { authority, path } = /^[^:]+:\/\/(?<authority>[^/?]*)(?<path>[^?]*)/.exec(text)?.groups ?? {}
  if ((authority ?? '').split('@').length > 2)
    return 'contains an @ in its user or password that is not encoded: write %40'
  if ((authority ?? '').includes(','))
    return 'names several hosts, which the driver does not support: name one'
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null) {
    return `cannot be read: encode special characters in its password (/ is %2F, ? is %3F, : is %3A), as in ${DATABASE_URL_EXAMPLE}`
  }
  return explainParts(url, path ?? '')
}

function explainParts(url: URL, path: string): string | null {
  if (url.hostname === '') return 'names no host; sockets are not supported: write a host, like localhost'
  if (url.hostname.startsWith('['))
    return 'names an IPv6 address, which MikroORM does not read: write a host name'
  // These would take the place of what stands before them, for some of its readers and not for others.
  const moved = ['host', 'port', 'user', 'password', 'dbname', 'database'].find((key) =>
    url.searchParams.has(key),
  )
  if (moved !== undefined)
    return `sets its ${moved} after the ?, which programs read differently: put it before the ?`
  const database = path.slice(1)
  if (database === '') return `names no database, like ${DATABASE_URL_EXAMPLE}`
  if (database.includes('%') || database.includes('/') || database !== url.pathname.slice(1)) {
    return 'must name its database without % or /: every program reads letters, digits, - and _ the same way'
  }
  for (const part of [url.username, url.password]) {
    if (!canDecode(part))
      return 'contains % signs in its user or password that are not UTF-8: encode it again'
  }
  return null
}

function canDecode(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

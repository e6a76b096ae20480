import { parseIntoClientConfig } from 'pg-connection-string'

/** For `driverOptions` of MikroORM. */
export interface DatabaseTls {
  /** As `tls.connect` takes them; `true` for its defaults, `false` for none. */
  ssl?: boolean | object
}

/**
 * What a database URL says about TLS (`sslmode`, `sslrootcert` and so on, as node-postgres reads them), for MikroORM's
 * `driverOptions`. MikroORM itself takes from the URL where the database is and who asks, and would connect without TLS.
 *
 * @param url `undefined`, unreadable, or without such a parameter: nothing, so that `PGSSLMODE` of the environment counts.
 */
export function databaseTls(url: string | undefined): DatabaseTls {
  if (url === undefined || !URL.canParse(url)) return {}
  const { ssl } = parseIntoClientConfig(url)
  return ssl === undefined ? {} : { ssl }
}

import { ConfigInvalid } from '@sigra/core'
import { parse } from 'pg-connection-string'
import { checkDatabaseUrl } from './database-url.ts'

/** For `driverOptions` of MikroORM. */
export interface DatabaseTls {
  /** As the driver takes it: `true` or text for its defaults, `false` for none, else what `tls.connect` takes. */
  ssl?: boolean | string | object
}

/**
 * What a database URL says about TLS (`sslmode`, `ssl`, `sslrootcert` and so on, as node-postgres reads them), for
 * MikroORM's `driverOptions`. MikroORM itself takes from the URL where the database is and who asks, and would connect
 * without TLS.
 *
 * @param url `undefined` or without such a parameter: nothing, so that `PGSSLMODE` of the environment counts.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when its readers would read it in different ways, or it names a
 *   certificate that cannot be read.
 */
export function databaseTls(url: string | undefined): DatabaseTls {
  if (url === undefined || url === '') return {}
  checkDatabaseUrl('DATABASE_URL', url)
  const { ssl } = readUrl(url)
  return ssl === undefined ? {} : { ssl }
}

function readUrl(url: string): { ssl?: DatabaseTls['ssl'] } {
  try {
    return parse(url)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new ConfigInvalid(`The database URL names a certificate that cannot be read: ${reason}`)
  }
}

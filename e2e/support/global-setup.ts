import { startPlayground, THROWN_AWAY } from './playground.ts'
import { listRoutes } from './route-manifest.ts'

/** Builds the playground and runs it as in production for all specs; what they need to know travels in `process.env`. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const playground = await startPlayground({ database: THROWN_AWAY })
  process.env['E2E_ORIGIN'] = playground.origin
  process.env['E2E_DATABASE_URL'] = playground.databaseUrl
  process.env['E2E_MAIL_FILE'] = playground.mailFile
  process.env['E2E_LOG_FILE'] = playground.logFile
  process.env['E2E_SECRETS'] = JSON.stringify(playground.secrets)
  process.env['E2E_ROUTES'] = listRoutes()
  return () => playground.stop()
}

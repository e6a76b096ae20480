/** A host that scripts/hosts.ts built and started. */
export interface StartedHost {
  title: string
  origin: string
  /** How it asks for data alone: by `?_data=` and a route, or by `.data` after the path, and the start page by this. */
  dataRequests: '_data' | '_root.data' | '_.data'
  /** What it calls the route of /dashboard/details. */
  detailsRoute: string
  databaseUrl: string
  /** Of the PostgreSQL all hosts share: each statement on a line of its own, after the name of its database. */
  logFile: string
}

/** Those this run is about. */
export function startedHosts(): StartedHost[] {
  const hosts: unknown = JSON.parse(process.env['SIGRA_HOSTS'] ?? '[]')
  if (!Array.isArray(hosts) || hosts.length === 0) throw new Error('Run: npm test -- --only hosts')
  return hosts as StartedHost[] // written by scripts/hosts.ts in the same run
}

// Runs every benchmark, or those named on the command line, and prints them beside their bars.
import { benchArgon2 } from './argon2.ts'
import { benchColdImport } from './cold-import.ts'
import type { Outcome } from './compare.ts'
import { benchCreateCommand } from './create-command.ts'
import { benchExportMemory } from './export-memory.ts'
import { benchMailJobs } from './mail-jobs.ts'
import { benchOrganizations } from './organizations.ts'
import { benchPeerApp } from './peer-app.ts'
import { benchPeerSession } from './peer-session.ts'
import { benchProtectedPage } from './protected-page.ts'
import { formatTable, writeResults } from './report.ts'
import { benchSessionGrowth } from './session-growth.ts'
import { benchSessionResolve } from './session-resolve.ts'
import { benchSignIns } from './sign-ins.ts'
import { benchTypeCheck } from './type-check.ts'

const benchmarks: Readonly<Record<string, () => Promise<Outcome[]>>> = {
  'session-resolve': benchSessionResolve,
  organizations: benchOrganizations,
  argon2: benchArgon2,
  'protected-page': benchProtectedPage,
  'sign-ins': benchSignIns,
  'mail-jobs': benchMailJobs,
  'session-growth': benchSessionGrowth,
  'export-memory': benchExportMemory,
  'create-command': benchCreateCommand,
  'cold-import': benchColdImport,
  'type-check': benchTypeCheck,
  'peer-session': benchPeerSession,
  'peer-app': benchPeerApp,
}

const named = process.argv.slice(2)
const unknown = named.filter((name) => !Object.hasOwn(benchmarks, name))
if (unknown.length > 0) {
  process.stderr.write(
    `No benchmark is called ${unknown.join(', ')}. There are: ${Object.keys(benchmarks).join(', ')}.\n`,
  )
  process.exit(2)
}

const outcomes: Outcome[] = []
for (const [name, run] of Object.entries(benchmarks)) {
  if (named.length > 0 && !named.includes(name)) continue
  process.stdout.write(`Measuring ${name}\n`)
  outcomes.push(...(await run()))
}
process.stdout.write(`\n${formatTable(outcomes)}\n\nWritten to ${await writeResults(outcomes)}\n`)

// npm run docs:tables: fills the tables of the guides from the code they describe, or (--check) fails when one is not current.
import { join } from 'node:path'
import { run } from './lib/run.ts'
import { ensureInstalled, root } from './lib/workspace.ts'
import { say } from './lib/say.ts'

await ensureInstalled(say)
// The packages are read from their sources: nothing has to be built for it.
const args = [
  '--conditions=sigra-source',
  join(root, 'scripts/lib/write-tables.ts'),
  ...process.argv.slice(2),
]
const { code } = await run(process.execPath, args, { cwd: root, show: true })
process.exitCode = code

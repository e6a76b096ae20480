// Writes what is generated and kept: the playground, and what differs from it in other states. Read the difference like code afterwards.
import { join } from 'node:path'
import { mustRun } from './lib/run.ts'
import { say } from './lib/say.ts'
import { ensureInstalled, root } from './lib/workspace.ts'

await ensureInstalled(say)
const writer = join(root, 'generators/src/golden/write.ts')
await mustRun(process.execPath, ['--conditions=sigra-source', writer], { cwd: root })
say('Written: playground, and what differs from it in other states (fixtures/golden/*.patch, *.paths.txt)')

// Writes what is generated and kept: the golden trees and the playground. Read the difference like code afterwards.
import { join } from 'node:path'
import { mustRun } from './lib/run.mjs'
import { say } from './lib/say.mjs'
import { ensureInstalled, root } from './lib/workspace.mjs'

await ensureInstalled(say)
const writer = join(root, 'generators/src/golden.ts')
await mustRun(process.execPath, ['--conditions=sigra-source', writer, '--write', '--playground'], {
  cwd: root,
})
say('Written: fixtures/golden, playground')

// Measures what is worth measuring, each beside a floor taken in the same run: `npm run bench [-- name …]`.
// Built first: commands, imports and the playground are measured as they are published. Not part of the tests, and never
// a reason to fail them.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { build } from './build.mjs'
import { say } from './lib/say.mjs'
import { ensureInstalled, root } from './lib/workspace.mjs'

await ensureInstalled(say)
await build(say)
const bench = spawn(
  process.execPath,
  ['--conditions=sigra-source', join(root, 'e2e/bench/run.ts'), ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit', env: { ...process.env, NODE_ENV: 'production' } },
)
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => bench.kill(signal))
bench.on('exit', (code) => {
  process.exitCode = code ?? 1
})

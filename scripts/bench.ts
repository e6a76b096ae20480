// Measures what is worth measuring, each beside a floor taken in the same run: `npm run bench [-- name …]`, and with
// `--write` into docs/performance.md. Built first: commands, imports and the playground are measured as they are published.
// Not part of the tests, and never a reason to fail them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from './lib/build.ts'
import { writeMeasured } from './lib/measured-table.ts'
import { complain, say } from './lib/say.ts'
import { ensureInstalled, root } from './lib/workspace.ts'

const { values, positionals } = parseArgs({
  options: { write: { type: 'boolean', default: false } },
  allowPositionals: true,
})
process.exitCode = await main()

async function main(): Promise<number> {
  if (values.write && positionals.length > 0) {
    complain('--write takes a run of all benchmarks: name none.')
    return 2
  }
  await ensureInstalled(say)
  await build(say)
  const bench = spawn(
    process.execPath,
    ['--conditions=sigra-source', join(root, 'e2e/bench/run.ts'), ...positionals],
    { cwd: root, stdio: 'inherit', env: { ...process.env, NODE_ENV: 'production' } },
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => bench.kill(signal))
  const [code]: (number | null)[] = await once(bench, 'exit')
  if (code === 0 && values.write) say(`Written to ${await writeMeasured()}`)
  return code ?? 1
}

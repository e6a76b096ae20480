import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { compare, type Outcome, timeOf } from './compare.ts'

const packages = join(import.meta.dirname, '../../packages')

/** The create command without installing, and the generator once more on what it made, beside an idle Node. */
export async function benchCreateCommand(): Promise<Outcome[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sigra-bench-'))
  let made = 0
  const node = (cwd: string, ...args: string[]) => promisify(execFile)(process.execPath, args, { cwd })
  const create = (name: string) =>
    node(folder, join(packages, 'create-sigra-remix/dist/bin.js'), name, '--yes', '--no-install', '--no-git')
  try {
    await create('again')
    const floor = { name: 'node -e 0', measure: timeOf(() => node(folder, '-e', '0')) }
    const first = await compare({
      name: 'create without install',
      unit: 'ms',
      bar: { atMost: 15 },
      floor,
      subject: { name: 'create-sigra-remix app', measure: timeOf(() => create(`app-${(made += 1)}`)) },
      rounds: 11,
    })
    const again = await compare({
      name: 'rerun, nothing changed',
      unit: 'ms',
      bar: { atMost: 10 },
      floor,
      subject: {
        name: 'sigra apply',
        measure: timeOf(() => node(join(folder, 'again'), join(packages, 'dev/dist/bin.js'), 'apply')),
      },
      rounds: 11,
    })
    return [first, again]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

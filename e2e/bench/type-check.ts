import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type AppCopy, copyApp } from '../support/app-copy.ts'
import { compare, type Outcome, timeOf } from './compare.ts'

const packages = join(import.meta.dirname, '../../node_modules')

/** `tsc` on the generated app beside an app without accounts: its own server, MikroORM, one entity. */
export async function benchTypeCheck(): Promise<Outcome[]> {
  const [bare, app] = [await copyApp('fixtures/hosts/own-server-8'), await copyApp('playground')]
  const run = ({ root }: AppCopy, program: string, ...args: string[]) =>
    promisify(execFile)(process.execPath, [join(packages, program), ...args], { cwd: root })
  try {
    for (const copy of [bare, app]) await run(copy, '@react-router/dev/bin.cjs', 'typegen')
    const outcome = await compare({
      name: 'type-check of an app',
      unit: 'ms',
      bar: { atMost: 2 },
      floor: { name: 'without accounts', measure: timeOf(() => run(bare, 'typescript/bin/tsc')) },
      subject: { name: 'with accounts', measure: timeOf(() => run(app, 'typescript/bin/tsc')) },
      rounds: 9,
    })
    return [outcome]
  } finally {
    for (const copy of [bare, app]) await copy.remove()
  }
}

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { judge, median, type Outcome } from './compare.ts'

const PROCESSES = 15
const PROGRAM = `
  const time = async (...names) => {
    const started = performance.now()
    for (const name of names) await import(name)
    return performance.now() - started
  }
  const peers = await time('react-router', '@mikro-orm/postgresql')
  console.log(JSON.stringify({ peers, ours: await time('@sigra/remix') }))`

/** What importing us costs on top of what the app imports anyway, built, each time in a new process. */
export async function benchColdImport(): Promise<Outcome[]> {
  const times: { peers: number; ours: number }[] = []
  for (let taken = 0; taken < PROCESSES; taken += 1) {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', PROGRAM],
      { cwd: join(import.meta.dirname, '../../playground') },
    )
    times.push(JSON.parse(stdout))
  }
  const outcome = judge(
    {
      name: 'cold import',
      unit: 'ms',
      bar: { atMost: 0.3 },
      floor: { name: 'react-router, @mikro-orm/postgresql' },
      subject: { name: '@sigra/remix after them' },
    },
    {
      floor: median(times.map(({ peers }) => peers)),
      subject: median(times.map(({ ours }) => ours)),
      ratio: median(times.map(({ peers, ours }) => ours / peers)),
    },
  )
  return [outcome]
}

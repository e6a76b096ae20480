import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isAlive } from '../postgres/folder-lock.ts'
import { RESTART_EXIT_CODE, supervise, type Supervised, type SupervisorOptions } from './supervise.ts'

let folder: string
let problems: string
let supervised: Supervised | null

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sigra-supervise-'))
  problems = ''
  supervised = null
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    problems += String(text)
    return true
  })
})

afterEach(async () => {
  await supervised?.stop()
  vi.restoreAllMocks()
  await rm(folder, { recursive: true, force: true })
})

describe('supervise', () => {
  it('ends the child and what the child started', async () => {
    const pids = await runUntilPids(`
      import { spawn } from 'node:child_process'
      const grandchild = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
      say(process.pid, grandchild.pid)
      setInterval(() => {}, 1000)`)

    await supervised?.stop()
    for (const pid of pids) await expect.poll(() => isRunning(pid)).toBe(false)
  })

  it('kills a child that does not listen', async () => {
    const [pid = 0] = await runUntilPids(
      `process.on('SIGTERM', () => {}); say(process.pid); setInterval(() => {}, 1000)`,
      { graceMilliseconds: 200 },
    )
    await supervised?.stop()
    await expect.poll(() => isRunning(pid)).toBe(false)
  })

  it('starts a crashed child again and says so', async () => {
    const [first = 0] = await runUntilPids(`say(process.pid); setTimeout(() => process.exit(7), 50)`, {
      firstWaitMilliseconds: 20,
    })
    await expect.poll(() => readPids()).not.toEqual([first])
    expect(problems).toContain('The test stopped with exit code 7. Starting it again in 0.02 s.')
  })

  it('starts a child again at once, and silently, when the child asks for it', async () => {
    const [first = 0] = await runUntilPids(
      `say(process.pid); setTimeout(() => process.exit(${RESTART_EXIT_CODE}), 50)`,
    )
    await expect.poll(() => readPids()).not.toEqual([first])
    expect(problems).toBe('')
  })

  it('gives up on a child that never gets anywhere', async () => {
    await run(`process.exit(1)`, { mostCrashes: 2, firstWaitMilliseconds: 10 })
    await supervised?.givenUp
    expect(problems).toContain('The test stopped with exit code 1, 2 times in a row.')
  })
})

async function run(code: string, options: SupervisorOptions = {}): Promise<void> {
  const file = join(folder, 'child.mjs')
  const say = `import { writeFileSync } from 'node:fs'
    const say = (...pids) => writeFileSync(${JSON.stringify(join(folder, 'pids'))}, JSON.stringify(pids))\n`
  await writeFile(file, say + code)
  supervised = supervise({ name: 'The test', args: [file], cwd: folder, env: process.env }, options)
}

async function runUntilPids(code: string, options?: SupervisorOptions): Promise<number[]> {
  await run(code, options)
  await expect.poll(() => readPids()).not.toEqual([])
  return readPids()
}

async function readPids(): Promise<number[]> {
  const text = await readFile(join(folder, 'pids'), 'utf8').catch(() => '')
  return text === '' ? [] : JSON.parse(text)
}

/** A dead process that nobody collects keeps its number: that is not running. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  return stat === null ? isAlive(pid) && process.platform !== 'linux' : !/\) [ZX]/.test(stat)
}

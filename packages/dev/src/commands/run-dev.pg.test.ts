import { spawn, type ChildProcess } from 'node:child_process'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { programArguments } from '../host/program-arguments.ts'
import { findNextFreePort } from '../postgres/free-port.ts'
import { startEmbeddedPostgres } from '../postgres/start-embedded-postgres.ts'
import { makeSmallApp } from './testing-only/small-app.ts'

const patient = { timeout: 60_000 } // it starts a database, and several processes after it
let folder: string
let port: number
let dev: { child: ChildProcess; output: () => string; ended: Promise<number | null> }

beforeEach(async () => {
  folder = await makeSmallApp()
  port = await findNextFreePort(7400 + Math.floor(Math.random() * 2000))
})

afterEach(async () => {
  dev.child.kill('SIGTERM')
  await dev.ended
  await stopDatabase()
  await rm(folder, { recursive: true, force: true })
})

describe('sigra dev', () => {
  it('runs database, migrations, server and worker, and ends all of them', async () => {
    startDev()
    await untilReady()
    expect(await ask()).toMatchObject({
      APP_ORIGIN: `http://localhost:${port}`,
      GREETING: 'from the env file',
      NODE_ENV: 'development',
      hasDatabase: true,
    })
    await untilPrinted('Applied migration Migration20260101000000')
    const worker = await readWorker()
    const server = await serverPid()

    dev.child.kill('SIGINT')
    expect(await dev.ended).toBe(130)
    expect(await Promise.all([isRunning(server), isRunning(worker.pid)])).toEqual([false, false])
    await expect(readFile(join(folder, '.sigra/postgres/postmaster.pid'))).rejects.toThrow('ENOENT')
  })

  it('ends all of them when the script that started it is ended and passes nothing on, as npm run does', async () => {
    startDev({}, 'sh')
    await untilReady()
    const [server, worker] = [await serverPid(), (await readWorker()).pid]

    dev.child.kill('SIGTERM')
    await expect.poll(() => isRunning(server), patient).toBe(false)
    await expect.poll(() => isRunning(worker), patient).toBe(false)
    const database = () => readFile(join(folder, '.sigra/postgres/postmaster.pid')).catch(() => null)
    await expect.poll(database, patient).toBe(null)
  })

  it('starts a crashed server again and says so', async () => {
    startDev()
    await untilReady()
    const first = await serverPid()
    await ask('/crash').catch(() => undefined)

    await expect.poll(serverPid, patient).not.toBe(first)
    await untilPrinted('The server stopped with exit code 7. Starting it again in 1 s.')
  })

  it('starts the worker again when its code changes', async () => {
    startDev()
    await untilReady()
    await expect.poll(async () => (await readWorker()).mail, patient).toBe('first')
    await writeFile(join(folder, 'mail.tsx'), `export const mail: string = 'second'\n`)

    await expect.poll(async () => (await readWorker()).mail, patient).toBe('second')
    await untilPrinted('The worker starts again: its code changed')
  })

  it('leaves nothing but the database behind when it is killed, and adopts that', async () => {
    startDev()
    await untilReady()
    const [server, worker] = [await serverPid(), (await readWorker()).pid]
    dev.child.kill('SIGKILL')
    await expect.poll(() => isRunning(server), patient).toBe(false)
    await expect.poll(() => isRunning(worker), patient).toBe(false)

    startDev()
    await untilReady()
    await untilPrinted('Migrations are up to date')
  })

  it('takes the next port when its own is taken', async () => {
    const other = createServer().listen(port)
    startDev()
    await expect.poll(() => dev.output(), patient).toMatch(/App +http:\/\/localhost:\d+/)
    other.close()

    await expect.poll(() => dev.output(), patient).toMatch(new RegExp(`Port ${port} is taken, using \\d+`))
    expect(dev.output()).not.toMatch(new RegExp(`App +http://localhost:${port}\\b`))
  })

  it('gives up on a server that refuses its configuration', async () => {
    startDev({ REFUSE: 'yes' })
    expect(await dev.ended).toBe(1)
    await untilPrinted('SIGRA_SECRETS is missing')
    await untilPrinted('The server did not start. Fix the problem shown above, then run this again.')
  })

  it('applies nothing to a database that is not its own, and says what to run', async () => {
    const server = await startEmbeddedPostgres({ dataDirectory: join(folder, 'own', 'data') })
    startDev({ DATABASE_URL: server.url })
    expect(await dev.ended).toBe(4)
    await untilPrinted('Run: npm run db:migrate')
    await server.stop()
  })
})

function startDev(env: Record<string, string> = {}, through: 'node' | 'sh' = 'node'): void {
  const command = [process.execPath, ...programArguments('bin'), 'dev', '--port', String(port)]
  const [file = '', ...args] = through === 'sh' ? ['sh', '-c', '"$0" "$@"; true', ...command] : command
  const child = spawn(file, args, {
    cwd: folder,
    env: { ...process.env, DATABASE_URL: '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  dev = { child, output: () => output, ended: new Promise((resolve) => child.once('exit', resolve)) }
}

/** What a process has said arrives through a pipe, perhaps after the process itself has ended. */
async function untilPrinted(text: string): Promise<void> {
  await expect.poll(() => dev.output(), patient).toContain(text)
}

async function untilReady(): Promise<void> {
  await untilPrinted(`App      http://localhost:${port}`)
  await expect.poll(readWorker, patient).not.toEqual({ pid: 0, mail: '' })
}

async function ask(path = '/'): Promise<unknown> {
  return (await fetch(`http://localhost:${port}${path}`)).json()
}

async function serverPid(): Promise<number> {
  return Number(await readFile(join(folder, 'server.pid'), 'utf8'))
}

async function readWorker(): Promise<{ pid: number; mail: string }> {
  const text = await readFile(join(folder, 'worker.json'), 'utf8').catch(() => '')
  return text === '' ? { pid: 0, mail: '' } : JSON.parse(text)
}

/** A dead process that nobody collects keeps its number: that is not running. */
async function isRunning(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  return stat !== null && !/\) [ZX]/.test(stat)
}

async function stopDatabase(): Promise<void> {
  const server = await startEmbeddedPostgres({ dataDirectory: join(folder, '.sigra', 'postgres') })
  await server.stop()
}

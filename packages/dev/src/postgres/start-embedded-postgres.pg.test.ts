import { spawn, type ChildProcess } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startEmbeddedPostgres, type EmbeddedPostgres } from './start-embedded-postgres.ts'

let folder: string
let dataDirectory: string
let holders: ChildProcess[]
let servers: EmbeddedPostgres[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sigra-postgres-test-'))
  await chmod(folder, 0o755)
  dataDirectory = join(folder, 'data')
  holders = []
  servers = []
})

afterEach(async () => {
  for (const holder of holders) holder.kill('SIGKILL')
  await start().then((server) => server.stop())
  await rm(folder, { recursive: true, force: true, maxRetries: 10 }) // a killed server may still be writing
})

describe('startEmbeddedPostgres', () => {
  it('starts once when many processes ask for the same new folder at the same time', async () => {
    const held = await Promise.all([hold(), hold(), hold(), hold()])

    expect(held.filter(({ started }) => started)).toHaveLength(1)
    expect(new Set(held.map(({ url }) => url)).size).toBe(1)
  })

  it('adopts a server whose starter was killed, and stops it', async () => {
    const left = await hold()
    holders[0]?.kill('SIGKILL')
    await once(holders[0], 'exit')

    const adopted = await start()
    expect(adopted).toMatchObject({ url: left.url, started: false })
    await adopted.stop()
    await expect(query(left.url, 'select 1')).rejects.toThrow('ECONNREFUSED')
  })

  it('leaves a server alone that another living process started', async () => {
    await hold()
    const shared = await start()

    await shared.stop()
    expect(await query(shared.url, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  it('recovers what was committed before the server was killed', async () => {
    const first = await start()
    await query(first.url, 'create table kept (id int); insert into kept values (1)')
    process.kill(await postmasterPid(), 'SIGKILL')

    const second = await start()
    expect(second.started).toBe(true)
    expect(await query(second.url, 'select id from kept')).toEqual([{ id: 1 }])
  })

  it('starts over a pid file that a crash left and whose number another program has now', async () => {
    const first = await start()
    const file = join(dataDirectory, 'postmaster.pid')
    const text = await readFile(file, 'utf8')
    await first.stop()
    await writeFile(file, text.replace(/^\d+/, String(process.pid)), { mode: 0o644 })

    expect(await start()).toMatchObject({ started: true })
  })

  it('takes another port when the wanted one is taken, and keeps its own afterwards', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const taken = typeof address === 'object' && address ? address.port : 0

    const server = await start({ port: taken })
    expect(server.port).not.toBe(taken)
    await server.stop()
    expect(await start()).toMatchObject({ port: server.port })
    other.close()
  })

  it('asks for a password', async () => {
    const { port } = await start()
    const stranger = query(`postgresql://postgres:guess@127.0.0.1:${port}/postgres`, 'select 1')

    await expect(stranger).rejects.toThrow('password authentication failed')
  })

  it('makes the database it is asked for', async () => {
    const { url } = await start({ database: 'app' })
    expect(await query(url, 'select current_database() as name')).toEqual([{ name: 'app' }])
  })

  it('refuses a folder that holds something else, and says so', async () => {
    await mkdir(join(folder, 'mine', 'letters'), { recursive: true })
    const started = startEmbeddedPostgres({ dataDirectory: join(folder, 'mine') })

    await expect(started).rejects.toThrow(
      `${join(folder, 'mine')} is not a data directory of the embedded PostgreSQL`,
    )
  })

  it.runIf(process.getuid?.() === 0)('names the folder that keeps the database user out', async () => {
    const closed = join(folder, 'closed')
    await mkdir(closed, { mode: 0o700 })
    const started = startEmbeddedPostgres({ dataDirectory: join(closed, 'data') })

    await expect(started).rejects.toThrow(`the folder ${closed} is closed to the system user "postgres"`)
  })
})

async function start(options: { port?: number; database?: string } = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDirectory, ...options })
  servers.push(server)
  return server
}

async function hold(): Promise<{ url: string; port: number; started: boolean }> {
  const program = new URL('testing-only/hold-server.ts', import.meta.url).pathname
  const child = spawn(process.execPath, ['--conditions=sigra-source', program, dataDirectory], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  holders.push(child)
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line)
  throw new Error('The holder ended without a word.')
}

async function postmasterPid(): Promise<number> {
  return Number.parseInt(await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8'), 10)
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}

function once(emitter: NodeJS.EventEmitter | undefined, event: string): Promise<void> {
  return new Promise((resolve) => emitter?.once(event, () => resolve()))
}

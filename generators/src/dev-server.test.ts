import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const app = fileURLToPath(new URL('../template', import.meta.url))

it('CFG-02 keeps the development server, and with it the mailbox, on this machine', async () => {
  const port = await findFreePort()
  const conditions = ['--conditions=development', '--conditions=sigra-source']
  const server = spawn(process.execPath, [...conditions, 'server.ts'], {
    cwd: app,
    env: { ...process.env, NODE_ENV: 'development', PORT: String(port) },
    stdio: 'ignore',
  })
  const ended = once(server, 'exit')
  try {
    await expect.poll(() => answers('localhost', port)).toBe(true)
    // Every address of 127.0.0.0/8 reaches a server that listens everywhere, and none but its own one that does not.
    expect(await answers('127.0.0.2', port)).toBe(false)
  } finally {
    server.kill('SIGKILL')
    await ended
  }
})

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0)
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port })
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

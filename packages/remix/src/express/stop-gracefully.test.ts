import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'

/** A server whose answers take as long as the path says, with so much time for whoever is still waiting at the end. */
const programOf = (seconds: number) => `
  import { createServer } from 'node:http'
  import { stopGracefully } from ${JSON.stringify(new URL('stop-gracefully.ts', import.meta.url).href)}
  const server = createServer((req, res) => {
    console.log('asked')
    setTimeout(() => res.end('done'), Number(req.url.slice(1)))
  })
  stopGracefully(server, { close: async () => console.log('closed'), seconds: ${seconds} })
  server.listen(0, '127.0.0.1', () => console.log(server.address().port))
`

it('lets a running request finish, and closes what is open', async () => {
  const server = await start(600)
  const answer = fetch(`http://127.0.0.1:${server.port}/200`)
  await server.says('asked')
  server.process.kill('SIGTERM')
  expect(await (await answer).text()).toBe('done')
  expect(await server.ended).toEqual([0, null])
  await server.says('closed')
})

it('waits no longer than it was told', async () => {
  const server = await start(0.6)
  const answer = fetch(`http://127.0.0.1:${server.port}/60000`).catch(() => 'cut off')
  await server.says('asked')
  server.process.kill('SIGINT')
  expect(await server.ended).toEqual([1, null])
  expect(await answer).toBe('cut off')
})

async function start(seconds: number) {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', programOf(seconds)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (chunk) => (said += chunk))
  const says = (text: string) => expect.poll(() => said).toContain(text)
  await says('\n')
  return { process: child, port: Number(said), says, ended: once(child, 'exit') }
}

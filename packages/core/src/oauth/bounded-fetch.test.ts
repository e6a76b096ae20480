import { createServer, type RequestListener } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { Overloaded } from '../errors.ts'
import { createBoundedFetch, OutOfBounds } from './bounded-fetch.ts'

const servers: { close(): void }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push({
    close() {
      server.closeAllConnections()
      server.close()
    },
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : ''
}

describe('createBoundedFetch', () => {
  it('OA-19: waits for no answer that stalls, in its head or in its body', async () => {
    const fetch = createBoundedFetch({ allowPrivateNetwork: true, timeoutMilliseconds: 100 })
    const silent = await serve(() => undefined)
    const halfway = await serve((_, response) => {
      response.writeHead(200).write('{')
    })
    await expect(fetch(silent, {})).rejects.toThrow(OutOfBounds)
    await expect(fetch(halfway, {})).rejects.toThrow(OutOfBounds)
  })

  it('OA-19: has 20 calls under way, and refuses the next one', async () => {
    const fetch = createBoundedFetch({ allowPrivateNetwork: true })
    const waiting: (() => void)[] = []
    const slow = await serve((_, response) => {
      waiting.push(() => response.end('{}'))
    })
    const calls = Array.from({ length: 20 }, () => fetch(slow, {}))
    await expect(fetch(slow, {})).rejects.toThrow(Overloaded)
    await expect.poll(() => waiting.length).toBe(20)
    for (const answer of waiting) answer()
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(Array(20).fill(200))
    const last = fetch(slow, {})
    await expect.poll(() => waiting.length).toBe(21)
    waiting.at(-1)?.()
    expect((await last).status).toBe(200)
  })

  it('OA-09: connects to no private address, written out or behind a name', async () => {
    const asked: string[] = []
    const url = await serve(({ url: path = '' }, response) => {
      asked.push(path)
      response.end()
    })
    const { port } = new URL(url)
    const fetch = createBoundedFetch({ allowPrivateNetwork: false })
    for (const host of ['127.0.0.1', '2130706433', '0x7f000001', '[::ffff:7f00:1]', 'localhost'])
      await expect(fetch(`http://${host}:${port}/`, {})).rejects.toThrow(OutOfBounds)
    expect(asked).toEqual([])
  })
})

import { createServer } from 'node:net'

const HIGHEST_PORT = 65_535

/** The preferred port when nobody listens there, else any other free one. */
export async function findFreePort(preferred: number, host = '127.0.0.1'): Promise<number> {
  return (await tryPort(preferred, host)) ?? (await tryPort(0, host)) ?? preferred
}

/** The first free port from `first` on: people remember 5174 better than 41833. */
export async function findNextFreePort(first: number, host?: string): Promise<number> {
  for (let port = first; port <= Math.min(first + 100, HIGHEST_PORT); port++) {
    if ((await tryPort(port, host)) !== null) return port
  }
  return findFreePort(0)
}

function tryPort(port: number, host?: string): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : null))
    })
  })
}

import { connect, createServer, type Server, type Socket } from 'node:net'
import { findFreePort } from './smtp-sink.ts'

export interface TcpRelay {
  /** The database's URL, by way of the relay. */
  url: string
  /** Lets connections through. */
  open(): Promise<void>
  /** Cuts every connection and refuses new ones. */
  close(): Promise<void>
}

/** A way to the database that can be cut and mended. Closed at first. */
export async function createTcpRelay(databaseUrl: string): Promise<TcpRelay> {
  const target = new URL(databaseUrl)
  const port = await findFreePort()
  const sockets = new Set<Socket>()
  let server: Server | null = null

  function relay(client: Socket): void {
    const database = connect(Number(target.port), target.hostname)
    for (const [from, to] of [
      [client, database],
      [database, client],
    ] as const) {
      sockets.add(from)
      from.on('error', () => to.destroy()).on('close', () => sockets.delete(from))
      from.pipe(to)
    }
  }

  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String(port)
  return {
    url: url.href,
    async open() {
      server = createServer(relay)
      await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', () => resolve()))
    },
    async close() {
      const closed = new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
      server = null
    },
  }
}

import type { Server } from 'node:http'
import type { Socket } from 'node:net'

export interface StopOptions {
  /** What else to close once the last answer has left: the database, a worker. */
  close(): Promise<void>
  /** How long running requests may take. @default 10 */
  seconds?: number
}

const IDLE_MILLISECONDS = 100

/**
 * On SIGINT or SIGTERM: lets running requests finish, closes what is open, ends the process. A second signal, or the end
 * of `seconds`, ends the wait.
 */
export function stopGracefully(server: Server, { close, seconds = 10 }: StopOptions): void {
  const unused = new Set<Socket>()
  server.on('connection', (socket) => {
    unused.add(socket) // a browser connects ahead of time and may never send a request
    socket.once('data', () => unused.delete(socket))
    socket.once('close', () => unused.delete(socket))
  })

  const stop = () => {
    setTimeout(() => process.exit(1), seconds * 1000).unref()
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
    server.close(() => void close().finally(() => process.exit(0)))
    for (const socket of unused) socket.destroy()
    setInterval(() => server.closeIdleConnections(), IDLE_MILLISECONDS)
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop)
}

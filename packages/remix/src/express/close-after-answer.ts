import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

const LINGER_MILLISECONDS = 2000

const closing = new WeakSet<Socket>()

/**
 * Closes the connection after an answer that came before the whole body, so that the client gets the answer: our side is
 * closed, what is still on its way is taken for a moment and forgotten. A connection closed at once under a client that is
 * still sending loses the answer (RFC 9112 §9.6).
 */
export function closeAfterAnswer(req: IncomingMessage, res: ServerResponse): void {
  const { socket } = req
  closing.add(socket)
  res.setHeader('Connection', 'close')
  const linger = () => {
    socket.end()
    const timer = setTimeout(() => socket.destroy(), LINGER_MILLISECONDS)
    socket.once('close', () => clearTimeout(timer))
    req.once('end', () => socket.destroy())
  }
  // What Node calls when the answer has left.
  Object.defineProperty(socket, 'destroySoon', { value: linger, configurable: true, writable: true })
}

/** Whether a request came behind one that closed the connection: it is not to be looked at. */
export function isClosing({ socket }: IncomingMessage): boolean {
  return closing.has(socket)
}

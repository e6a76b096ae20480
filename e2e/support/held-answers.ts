import { createServer, request as forward } from 'node:http'
import { findFreePort } from './mail-sink.ts'

export interface HeldAnswers {
  /** What a browser takes as its proxy. */
  proxy: { server: string }
  /** Forms that reached the app so far, by path. */
  readonly posts: readonly string[]
  /** How many of them the app has answered, whether or not the answer was handed on. */
  readonly answered: number
  stop(): Promise<void>
}

/** A proxy that hands every request on at once, and the answer to a form only after a while, if anybody still waits. */
export async function holdAnswers(milliseconds: number): Promise<HeldAnswers> {
  const port = await findFreePort()
  const posts: string[] = []
  let answered = 0
  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? '', 'http://localhost')
    const isForm = incoming.method === 'POST'
    if (isForm) posts.push(url.pathname)
    const { method, headers } = incoming
    const onward = forward(url, { method, headers, agent: false }, (answer) => {
      const deliver = () => {
        if (outgoing.destroyed) return answer.resume()
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
        return answer.pipe(outgoing)
      }
      if (isForm) {
        answered += 1
        setTimeout(deliver, milliseconds)
      } else deliver()
    })
    onward.on('error', () => outgoing.destroy())
    // What was sent is done by the app, whether or not the browser goes on waiting for it.
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', () => resolve()))
  return {
    proxy: { server: `http://127.0.0.1:${port}` },
    posts,
    get answered() {
      return answered
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

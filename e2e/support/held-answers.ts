import { createServer, request as forward } from 'node:http'

export interface HeldAnswers {
  /** What a browser takes as its proxy. */
  proxy: { server: string }
  /** Forms that reached the app so far, by path. */
  readonly posts: readonly string[]
  /** How many of them the app has answered, whether or not the answer was handed on. */
  readonly answered: number
  /** From now on answers to forms wait. */
  hold(): void
  /** Hands on what waits, and what comes from now on. */
  release(): void
  stop(): Promise<void>
}

/** A proxy that hands every request on at once, and the answers to forms when it is told to, if anybody still waits. */
export async function holdAnswers(): Promise<HeldAnswers> {
  const posts: string[] = []
  let answered = 0
  let waiting: (() => void)[] | null = null
  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? '', 'http://localhost')
    const isForm = incoming.method === 'POST'
    if (isForm) posts.push(url.pathname)
    const { method, headers } = incoming
    const onward = forward(url, { method, headers, agent: false }, (answer) => {
      const deliver = () => {
        if (outgoing.destroyed) return void answer.resume()
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
        answer.pipe(outgoing)
      }
      if (isForm) answered += 1
      if (isForm && waiting) waiting.push(deliver)
      else deliver()
    })
    onward.on('error', () => outgoing.destroy())
    // What was sent is done by the app, whether or not the browser goes on waiting for it.
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    proxy: { server: `http://127.0.0.1:${address.port}` },
    posts,
    get answered() {
      return answered
    },
    hold() {
      waiting ??= []
    },
    release() {
      for (const deliver of waiting ?? []) deliver()
      waiting = null
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

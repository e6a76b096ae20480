import { once } from 'node:events'
import dns2 from 'dns2'

/** A name server of the test's own, on this machine. */
export interface TestNameServer {
  /** As `setServers` takes it. */
  address: string
  /** What names have as TXT records. */
  records: Map<string, string[]>
  /** What it was asked about. */
  asked: string[]
  /** Runs before the next answer goes out. */
  beforeAnswer: (() => Promise<unknown>) | null
  /** It is asked, and says nothing. */
  isSilent: boolean
  close(): Promise<void>
}

const TXT_IN_PIECES = 20

/** @returns One that answers over UDP, as those of the internet do. */
export async function startNameServer(): Promise<TestNameServer> {
  const { Packet } = dns2
  const state: Pick<TestNameServer, 'records' | 'asked' | 'beforeAnswer' | 'isSilent'> = {
    records: new Map(),
    asked: [],
    beforeAnswer: null,
    isSilent: false,
  }
  const server = dns2.createUDPServer(async (request, send) => {
    const [{ name } = { name: '' }] = request.questions
    state.asked.push(name)
    if (state.isSilent) return
    const wait = state.beforeAnswer
    state.beforeAnswer = null
    await wait?.()
    const response = Packet.createResponseFromRequest(request)
    const texts = state.records.get(name)
    if (texts === undefined) response.header.rcode = Packet.RCODE.NXDOMAIN
    for (const text of texts ?? []) {
      const record = { name, type: Packet.TYPE.TXT, class: Packet.CLASS.IN, ttl: 1, data: piecesOf(text) }
      response.answers.push(new Packet.Resource(record))
    }
    send(response)
  })
  await server.listen(0, '127.0.0.1')
  const { port } = server.address()
  return Object.assign(state, {
    address: `127.0.0.1:${port}`,
    async close() {
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  })
}

/** A TXT record may come in several strings, and long ones have to. */
function piecesOf(text: string): string[] {
  return text.match(new RegExp(`.{1,${TXT_IN_PIECES}}`, 'gsu')) ?? []
}

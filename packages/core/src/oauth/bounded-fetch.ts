import { lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import type { buildConnector, Dispatcher } from 'undici'
import { Overloaded } from '../errors.ts'
import { isPublicAddress } from './private-address.ts'

export interface BoundedFetchOptions {
  /** Also addresses that are not for everybody on the internet: this machine, the host's own network. */
  allowPrivateNetwork: boolean
  /** For one call, its answer's body included. @default 5000 */
  timeoutMilliseconds?: number
}

/** What is sent, as `fetch` takes it. */
export interface BoundedRequest {
  method?: string
  headers?: Record<string, string>
  body?: unknown
}

export type BoundedFetch = (url: string, request: BoundedRequest) => Promise<Response>

/** A provider was not reached, or answered with more, later or elsewhere than we read. */
export class OutOfBounds extends Error {
  override readonly name = 'OutOfBounds'
}

const TIMEOUT_MILLISECONDS = 5000
const MAX_BYTES = 1024 * 1024 // decoded: what a gzip bomb makes of its few kilobytes counts
const MAX_IN_FLIGHT = 20
const RETRY_AFTER_SECONDS = 5

/**
 * A `fetch` for the servers of providers, whose answers are a stranger's: it follows no redirect, reads 1 MB, waits 5
 * seconds, and connects to public addresses alone, as the name resolves when it connects. One for each provider, so that one
 * that stalls keeps no others waiting.
 *
 * @returns A function that throws `OutOfBounds` for what it does not read, and `Overloaded` while 20 calls are under way.
 */
export function createBoundedFetch(options: BoundedFetchOptions): BoundedFetch {
  const { allowPrivateNetwork, timeoutMilliseconds = TIMEOUT_MILLISECONDS } = options
  let client: Promise<BoundedClient> | null = null
  let inFlight = 0
  return async (url, request) => {
    if (inFlight >= MAX_IN_FLIGHT)
      throw new Overloaded('Too many calls of a provider are under way', RETRY_AFTER_SECONDS)
    inFlight += 1
    try {
      client ??= openClient(allowPrivateNetwork)
      return await (
        await client
      )(url, request, AbortSignal.timeout(timeoutMilliseconds))
    } finally {
      inFlight -= 1
    }
  }
}

type BoundedClient = (url: string, request: BoundedRequest, signal: AbortSignal) => Promise<Response>

async function openClient(allowPrivateNetwork: boolean): Promise<BoundedClient> {
  const undici = await import('undici')
  const connect = undici.buildConnector(allowPrivateNetwork ? {} : { lookup: lookUpPublic })
  const dispatcher: Dispatcher = new undici.Agent({
    connect: allowPrivateNetwork ? connect : toPublicAddresses(connect),
  })
  return async (url, { method = 'GET', headers = {}, body }, signal) => {
    try {
      const answer = await undici.fetch(url, {
        dispatcher,
        method,
        headers,
        body: bodyOf(body),
        redirect: 'error',
        signal,
      })
      const bytes = await readAll(answer.body)
      return new Response(bytes.byteLength === 0 ? null : bytes, {
        status: answer.status,
        headers: plainHeaders(answer.headers),
      })
    } catch (cause) {
      if (cause instanceof OutOfBounds) throw cause
      throw new OutOfBounds('A provider was not reached', { cause })
    }
  }
}

/** An address in the URL is connected to without a look-up. */
function toPublicAddresses(connect: buildConnector.connector): buildConnector.connector {
  return (options, callback) => {
    const host = options.hostname.replace(/^\[(.*)\]$/, '$1')
    if (isIP(host) !== 0 && !isPublicAddress(host)) {
      callback(new OutOfBounds('A provider has an address that is not public'), null)
      return
    }
    connect(options, callback)
  }
}

/** Asked by the connection itself: a name that means another address a moment later is asked again. */
const lookUpPublic: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) {
      callback(error, '')
      return
    }
    const [first] = found
    if (first === undefined || !found.every(({ address }) => isPublicAddress(address))) {
      callback(new OutOfBounds('A provider has an address that is not public'), '')
      return
    }
    if (options.all === true) callback(null, found)
    else callback(null, first.address, first.family)
  })
}

function bodyOf(body: unknown): string | Uint8Array | null {
  if (body instanceof URLSearchParams) return body.toString()
  return typeof body === 'string' || body instanceof Uint8Array ? body : null
}

async function readAll(body: AsyncIterable<Uint8Array> | null): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body ?? []) {
    length += chunk.byteLength
    if (length > MAX_BYTES) throw new OutOfBounds('A provider answers with more than 1 MB')
    chunks.push(chunk)
  }
  return new Uint8Array(Buffer.concat(chunks))
}

/** The body is decoded by now. */
function plainHeaders(headers: Iterable<[string, string]>): Headers {
  const plain = new Headers([...headers])
  plain.delete('Content-Encoding')
  plain.delete('Content-Length')
  return plain
}

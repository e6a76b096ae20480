import { encodeBase64Url, systemRandom } from '@sigra/core'
import type { RequestState } from './request-state.ts'

/**
 * The header by which the frameworks behind a wrapper find the state of their request. Frameworks make requests of
 * requests (another object per loader in Remix 2), but all of them keep the headers. The wrapper overwrites whatever a
 * client sends under this name, and the handle is random, so none can be guessed.
 */
export const HANDLE_HEADER = 'x-sigra-request'

interface Registry {
  byHandle: Map<string, RequestState>
  byRequest: WeakMap<Request, RequestState>
  byContext: WeakMap<object, RequestState>
}

// The library can be loaded twice, by Node for the server file and by Vite for the app: both share one registry.
const REGISTRY: unique symbol = Symbol.for('@sigra/remix/requests/1')
const shared: typeof globalThis & { [REGISTRY]?: Registry } = globalThis
const registry = (shared[REGISTRY] ??= {
  byHandle: new Map(),
  byRequest: new WeakMap(),
  byContext: new WeakMap(),
})

const HANDLE_BYTES = 16

/** Makes the state findable by the returned handle, until `releaseState`. */
export function registerState(state: RequestState): string {
  const bytes = new Uint8Array(HANDLE_BYTES)
  systemRandom(bytes)
  const handle = encodeBase64Url(bytes)
  registry.byHandle.set(handle, state)
  return handle
}

export function releaseState(handle: string): void {
  registry.byHandle.delete(handle)
}

/** Makes the state findable by the very objects a framework hands on. */
export function rememberState(state: RequestState, request: Request, context: unknown): void {
  registry.byRequest.set(request, state)
  if (isObject(context)) registry.byContext.set(context, state)
}

export function findState(request: Request, context: unknown): RequestState | null {
  const handle = request.headers.get(HANDLE_HEADER)
  const wrapped = handle === null ? undefined : registry.byHandle.get(handle)
  if (wrapped) return wrapped
  const known = registry.byRequest.get(request)
  if (known) return known
  const near = isObject(context) ? registry.byContext.get(context) : undefined
  // A host may share one context between requests: a state is never handed to a request with other cookies.
  return near && near.cookieHeader === request.headers.get('cookie') ? near : null
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

import { AsyncLocalStorage } from 'node:async_hooks'
import { encodeBase64Url, systemRandom } from '@sigra/core'
import type { RequestState } from './request-state.ts'

/**
 * The header by which the frameworks behind a wrapper find the state of their request. Frameworks make requests of
 * requests (another object per loader in Remix 2), but all of them keep the headers. The wrapper overwrites whatever a
 * client sends under this name, and the handle is random, so none can be guessed.
 */
export const HANDLE_HEADER = 'x-sigra-request'

interface Running {
  state: RequestState
  context: unknown
}

interface Registry {
  byHandle: Map<string, RequestState>
  byRequest: WeakMap<Request, RequestState>
  running: AsyncLocalStorage<Running>
}

// The library can be loaded twice, by Node for the server file and by Vite for the app: both share one registry.
const REGISTRY: unique symbol = Symbol.for('@sigra/remix/requests/1')
const shared: typeof globalThis & { [REGISTRY]?: Registry } = globalThis
const registry = (shared[REGISTRY] ??= {
  byHandle: new Map(),
  byRequest: new WeakMap(),
  running: new AsyncLocalStorage(),
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

/** Makes the state findable by the very request. */
export function rememberState(state: RequestState, request: Request): void {
  registry.byRequest.set(request, state)
}

/**
 * Makes the state findable by what runs inside, for the copies of its request that a framework hands on beside
 * `context`. The context alone tells no request: a host may share one between all of them, at once too.
 */
export function runWithState<Result>(state: RequestState, context: unknown, run: () => Result): Result {
  return registry.running.run({ state, context }, run)
}

export function findState(request: Request, context: unknown): RequestState | null {
  const handle = request.headers.get(HANDLE_HEADER)
  const wrapped = handle === null ? undefined : registry.byHandle.get(handle)
  return wrapped ?? registry.byRequest.get(request) ?? findRunning(request, context)
}

function findRunning(request: Request, context: unknown): RequestState | null {
  const running = registry.running.getStore()
  if (running === undefined || !isObject(context) || running.context !== context) return null
  // A state is never handed to a request with other cookies, whoever made it inside this one.
  return running.state.cookieHeader === request.headers.get('cookie') ? running.state : null
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

import type { Runtime } from '@sigra/mikro-orm'

// One per process: development re-creates the app's modules after every edit, and nobody tells the former ones.
const RUNNING: unique symbol = Symbol.for('@sigra/remix/runtime')
const shared: typeof globalThis & { [RUNNING]?: Runtime } = globalThis

/** Makes `runtime` the one of this process and closes the former. */
export function replaceRuntime(runtime: Runtime): void {
  const former = shared[RUNNING]
  shared[RUNNING] = runtime
  if (former === undefined || former === runtime) return
  former.close().catch((error: unknown) => {
    runtime.logger.warn('sigra.close_failed', { error: error instanceof Error ? error.name : 'unknown' })
  })
}

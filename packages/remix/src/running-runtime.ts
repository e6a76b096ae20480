import type { Runtime } from '@sigra/mikro-orm'

const GRACE_MILLISECONDS = 10_000 // requests that the former runtime began are still being answered

// One per process: development re-creates the app's modules after every edit, and nobody tells the former ones.
const RUNNING: unique symbol = Symbol.for('@sigra/remix/runtime')
const shared: typeof globalThis & { [RUNNING]?: Runtime } = globalThis

/**
 * Makes `runtime` the one of this process and closes the former; in development its pool too, or every edit of the
 * app would leave one behind.
 */
export function replaceRuntime(runtime: Runtime, graceMilliseconds = GRACE_MILLISECONDS): void {
  const former = shared[RUNNING]
  shared[RUNNING] = runtime
  if (former === undefined || former === runtime) return
  const warn = (error: unknown) => {
    runtime.logger.warn('sigra.close_failed', { error: error instanceof Error ? error.name : 'unknown' })
  }
  former.close().catch(warn)
  if (former.production || former.orm === runtime.orm) return
  setTimeout(() => void former.orm.close().catch(warn), graceMilliseconds).unref()
}

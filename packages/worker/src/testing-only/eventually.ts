import { vi } from 'vitest'

/** Asks until it holds: as soon as it does, and for long enough on a busy machine. */
export async function eventually(holds: () => void | Promise<void>): Promise<void> {
  await vi.waitFor(holds, { timeout: 60_000, interval: 20 })
}

import type { WorkerEvents } from 'graphile-worker'

/**
 * Lets a queue that is stopped give back what it fetched and did not begin. graphile-worker 0.18 refuses that to a queue with
 * nothing at work in the background once it counts as released, which it does a moment before: the stop logs six errors, and
 * waits for nothing of it. So something is at work until then (docs/decisions/196-a-queue-that-can-be-stopped.md).
 */
export function giveBackOnRelease(events: WorkerEvents): void {
  events.on('localQueue:init', ({ localQueue }) => {
    const background: unknown = Reflect.get(localQueue, 'background')
    if (typeof background !== 'function') return
    const released = Promise.withResolvers<void>()
    Reflect.apply(background, localQueue, [released.promise])
    events.on('localQueue:setMode', (change) => {
      if (change.localQueue === localQueue && change.newMode === 'RELEASED') released.resolve()
    })
  })
}

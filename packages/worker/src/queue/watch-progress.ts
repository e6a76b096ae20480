import type { WorkerEvents } from 'graphile-worker'

export interface Progress {
  /** Whether the pool has neither asked for jobs nor worked on one for so long. */
  isStalled(milliseconds: number): boolean
}

/**
 * Notices a pool that is up and does nothing. graphile-worker 0.18 keeps the answer to its first question, the ids of
 * its tasks, for good, a failure too: a pool that is cut off at that moment reports errors for ever and runs no job.
 */
export function watchProgress(events: WorkerEvents): Progress {
  let activeJobs = 0
  let lastSign = performance.now()
  const note = (change: number) => (): void => {
    activeJobs += change
    lastSign = performance.now()
  }
  events.on('localQueue:getJobs:complete', note(0))
  events.on('job:start', note(1))
  events.on('job:complete', note(-1))
  return { isStalled: (milliseconds) => activeJobs === 0 && performance.now() - lastSign > milliseconds }
}

/* oxlint-disable unicorn/require-post-message-target-origin -- a worker thread, not a window */
import { existsSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { SigraError } from './errors.ts'
import type { HashJob } from './hash-job.ts'

/** hash-wasm in one thread of its own, started by the first job. Two threads would be slower than one. */
export interface HashThread {
  /** @throws {HashingFailed} `SIGRA_HASHING_FAILED` when the thread died or was closed. */
  run(job: HashJob): Promise<unknown>
  close(): Promise<void>
}

/** A hash could not be computed. Nothing is known about the password: treat it as a refusal, not as a mismatch. */
export class HashingFailed extends SigraError {
  override readonly name = 'HashingFailed'
  readonly code = 'SIGRA_HASHING_FAILED'
}

// Beside this file: TypeScript when run from source, JavaScript when built.
const WORKER_FILE = import.meta.url.endsWith('.ts') ? './hash-worker.ts' : './hash-worker.js'

export function createHashThread(): HashThread {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let worker: Worker | null = null
  let lastId = 0

  return {
    run(job) {
      const workerUrl = new URL(WORKER_FILE, import.meta.url)
      if (!existsSync(workerUrl)) return runHere(job)
      worker ??= startWorker(workerUrl)
      const answer = Promise.withResolvers<unknown>()
      waiting.set(++lastId, answer)
      worker.ref() // a process may end while the thread is idle, not while someone waits
      worker.postMessage({ id: lastId, job })
      return answer.promise
    },
    async close() {
      await worker?.terminate()
      worker = null
    },
  }

  function startWorker(url: URL): Worker {
    const started = new Worker(url, { name: 'sigra-hash', env: {}, execArgv: [] }) // it needs nothing of ours
    started.unref()
    started.on('message', (message: { id: number; value?: unknown; failed?: true }) => {
      const answer = waiting.get(message.id)
      waiting.delete(message.id)
      if (waiting.size === 0) started.unref()
      if (message.failed) answer?.reject(new HashingFailed('A password could not be hashed.'))
      else answer?.resolve(message.value)
    })
    started.on('error', () => abandon(started)) // its text could quote what was hashed
    started.on('exit', () => abandon(started))
    return started
  }

  function abandon(stopped: Worker): void {
    if (worker === stopped) worker = null // the next job starts another
    for (const answer of waiting.values()) answer.reject(new HashingFailed('The hash thread stopped.'))
    waiting.clear()
  }
}

/** Where a bundler left the worker file behind: slower for everyone else, but right. */
async function runHere(job: HashJob): Promise<unknown> {
  const { runHashJob } = await import('./hash-job.ts')
  return runHashJob(job)
}

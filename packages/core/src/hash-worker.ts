/* oxlint-disable unicorn/require-post-message-target-origin -- a worker thread, not a window */
// The hash thread: hash-wasm would hold the event loop for some 50 ms per password.
import { parentPort } from 'node:worker_threads'
import { type HashJob, runHashJob } from './hash-job.ts'

parentPort?.on('message', async ({ id, job }: { id: number; job: HashJob }) => {
  try {
    parentPort?.postMessage({ id, value: await runHashJob(job) })
  } catch {
    parentPort?.postMessage({ id, failed: true }) // without the error: it could quote what was hashed
  }
})

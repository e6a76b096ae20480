import { expect, it } from 'vitest'
import { run } from './lib/run.ts'

const isThere = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Prints the id of a program that it started, and waits for ever; neither ends when it is asked to. */
const hanging = `
  const stay = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"
  process.on('SIGTERM', () => {})
  console.log(require('node:child_process').spawn(process.execPath, ['-e', stay]).pid)
  setInterval(() => {}, 1000)`

it('a program that takes too long is ended with whatever it started', async () => {
  const { isStopped, answer } = await run(process.execPath, ['-e', hanging], { timeoutMinutes: 0.05 })
  expect(isStopped).toBe(true)
  expect(Number(answer.trim())).toBeGreaterThan(1)
  await expect.poll(() => isThere(Number(answer.trim()))).toBe(false)
})

it('a program that ends by itself was not stopped', async () => {
  const { isStopped, code } = await run(process.execPath, ['-e', 'process.exitCode = 3'])
  expect([isStopped, code]).toEqual([false, 3])
})

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { hasCode } from './failure.ts'

/** Runs `work` while no other process of this machine runs under the same file. */
export async function withLock<Result>(
  file: string,
  work: () => Promise<Result>,
  whenWaiting?: () => void,
): Promise<Result> {
  mkdirSync(dirname(file), { recursive: true })
  let isWaiting = false
  while (!tryCreate(file)) {
    if (isLeftover(file)) rmSync(file, { force: true })
    else if (!isWaiting) whenWaiting?.()
    isWaiting = true
    await sleep(200)
  }
  const release = () => rmSync(file, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    process.off('exit', release)
    release()
  }
}

function tryCreate(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

function isLeftover(file: string): boolean {
  try {
    process.kill(Number(readFileSync(file, 'utf8')), 0)
    return false
  } catch (error) {
    return hasCode(error, 'ESRCH')
  }
}

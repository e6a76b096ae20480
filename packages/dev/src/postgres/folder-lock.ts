import { randomUUID } from 'node:crypto'
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

const HEARTBEAT_MILLISECONDS = 1_000
const STALE_AFTER_MILLISECONDS = 15_000 // long enough for a machine that is busy, short enough to wait for
const POLL_MILLISECONDS = 50

/** Runs `work` while no other process runs under the same lock file. A dead holder's lock is taken over. */
export async function withFolderLock<T>(lockFile: string, work: () => Promise<T>): Promise<T> {
  const holder = `${process.pid} ${randomUUID()}`
  while (!(await tryCreate(lockFile, holder))) {
    await removeWhenStale(lockFile)
    await sleep(POLL_MILLISECONDS)
  }

  const heartbeat = setInterval(() => {
    const now = new Date()
    utimes(lockFile, now, now).catch(() => undefined) // gone: whoever removed it thought us dead
  }, HEARTBEAT_MILLISECONDS)
  try {
    return await work()
  } finally {
    clearInterval(heartbeat)
    if ((await readOrNull(lockFile)) === holder) await rm(lockFile, { force: true })
  }
}

async function tryCreate(lockFile: string, holder: string): Promise<boolean> {
  return writeFile(lockFile, holder, { flag: 'wx' }).then(
    () => true,
    (error: unknown) => {
      if (isCode(error, 'EEXIST')) return false
      throw error
    },
  )
}

async function removeWhenStale(lockFile: string): Promise<void> {
  const holder = await readOrNull(lockFile)
  if (holder === null || !(await isStale(lockFile, holder))) return

  // Only one of several waiting processes can win this rename; whoever took a fresh lock by mistake puts it back.
  const aside = `${lockFile}.${randomUUID()}`
  const moved = await rename(lockFile, aside).then(
    () => true,
    () => false,
  )
  if (!moved) return
  if ((await readOrNull(aside)) !== holder) await link(aside, lockFile).catch(() => undefined)
  await rm(aside, { force: true })
}

async function isStale(lockFile: string, holder: string): Promise<boolean> {
  const pid = Number.parseInt(holder, 10)
  if (Number.isInteger(pid) && !isAlive(pid)) return true
  const info = await stat(lockFile).catch(() => null)
  return info !== null && Date.now() - info.mtimeMs > STALE_AFTER_MILLISECONDS
}

/** Whether a process with that id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isCode(error, 'EPERM')
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

async function readOrNull(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch(() => null)
}

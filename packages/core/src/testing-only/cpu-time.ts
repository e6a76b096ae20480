import { cpuUsage } from 'node:process'

/** What `work` costs this process. A clock on the wall would also count what other processes do meanwhile. */
export function cpuMilliseconds(work: () => unknown): number {
  const before = cpuUsage()
  work()
  const { user, system } = cpuUsage(before)
  return (user + system) / 1000
}

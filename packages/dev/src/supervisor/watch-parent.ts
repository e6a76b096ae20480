const POLL_MILLISECONDS = 500

/**
 * Calls `leave` once the process that started this one is gone. `npm run` passes a signal on to a shell, and the shell
 * ends without passing it further: nobody else would tell.
 */
export function watchParent(leave: () => void): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    leave()
  }, POLL_MILLISECONDS)
  timer.unref()
}

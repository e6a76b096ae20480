// The child process of `sigra dev` that runs the app's worker.ts. Mails are TSX, which Node does not load, so Vite does.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { createServer } from 'vite'
import { printLine, printProblem } from '../cli/print.ts'
import { RESTART_EXIT_CODE } from '../supervisor/supervise.ts'

const SETTLE_MILLISECONDS = 100 // editors write a file in several steps

const root = process.cwd()
const ownConfig = join(root, 'vite.worker.config.ts')

const vite = await createServer({
  root,
  ...(existsSync(ownConfig) ? { configFile: ownConfig } : {}),
  appType: 'custom',
  logLevel: 'warn',
  server: { middlewareMode: true, hmr: false, ws: false },
  optimizeDeps: { noDiscovery: true, include: [] },
})

// The watchers are all that would keep the process alive once the worker has finished its jobs.
process.once('SIGTERM', () => vite.watcher.close())

let isChanging = false
vite.watcher.on('change', (file: string) => {
  const isUsed = (vite.environments.ssr.moduleGraph.getModulesByFile(file)?.size ?? 0) > 0
  if (!isUsed || isChanging) return
  isChanging = true
  setTimeout(() => {
    printLine('The worker starts again: its code changed')
    // SIGTERM lets a running job finish; the exit code then asks the supervisor for a new start.
    process.once('exit', () => (process.exitCode = RESTART_EXIT_CODE))
    if (process.listenerCount('SIGTERM') > 0) process.kill(process.pid, 'SIGTERM')
    else process.exit(RESTART_EXIT_CODE)
  }, SETTLE_MILLISECONDS)
})

try {
  await vite.ssrLoadModule('/worker.ts')
} catch (error) {
  if (error instanceof Error) vite.ssrFixStacktrace(error)
  printProblem(
    `worker.ts could not be started: ${error instanceof Error ? (error.stack ?? error.message) : error}`,
  )
  printProblem('It starts again when the file is changed.')
}

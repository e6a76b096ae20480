// Loaded into the server that is measured (`node --import`). On SIGUSR2 the delays of its event loop since the last
// signal go into the file, and the count begins anew.
import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

const file = process.env.BENCH_DELAY_FILE
if (file && process.argv[1]?.endsWith('server.ts')) {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  writeFileSync(`${file}.pid`, String(process.pid))
  process.on('SIGUSR2', () => {
    const milliseconds = { p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 }
    writeFileSync(file, JSON.stringify(milliseconds))
    delay.reset()
  })
}

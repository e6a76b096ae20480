import { existsSync } from 'node:fs'
import { defineConfig, devices } from '@playwright/test'

const port = Number(process.env.E2E_PORT ?? 5199)
const chromium = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path))

// Runs the app as `npm run dev` does: database, worker and mailbox included.
export default defineConfig({
  testDir: 'e2e',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    ...devices['Desktop Chrome'],
    baseURL: `http://localhost:${port}`,
    launchOptions: chromium ? { executablePath: chromium, args: ['--no-sandbox'] } : {},
  },
  webServer: {
    command: 'npm run dev',
    url: `http://localhost:${port}/health/ready`,
    env: { PORT: String(port), APP_ORIGIN: `http://localhost:${port}` },
    timeout: 120_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 15_000 },
  },
})

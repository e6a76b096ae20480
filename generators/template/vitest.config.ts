import { loadConfigFromFile } from 'vite'
import { defineConfig, mergeConfig } from 'vitest/config'

export default defineConfig(async (environment) => {
  // The app's own plugins: what the tests open is what the server serves.
  const app = await loadConfigFromFile(environment)
  return mergeConfig(app?.config ?? {}, {
    test: {
      include: ['tests/**/*.test.ts'],
      globalSetup: ['tests/support/database.ts'],
      setupFiles: ['tests/support/environment.ts'],
      // React Router has a development and a production copy: Vite loads the first, so Node must too.
      execArgv: ['--conditions=development'],
      // Test files share the app, which takes seconds to load. One that replaces modules (vi.mock) needs a process of its own.
      isolate: false,
      css: true,
      testTimeout: 20_000,
      hookTimeout: 60_000,
    },
  })
})

import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/database.ts'],
    setupFiles: ['tests/support/environment.ts'],
    // React Router has a development and a production copy: Vite loads the first, so Node must too.
    execArgv: ['--conditions=development'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
})

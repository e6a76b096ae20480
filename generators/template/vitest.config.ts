import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { tsconfigPaths: true },
  test: {
    include: ['tests/**/*.test.ts'],
    globalSetup: ['tests/support/database.ts'],
    setupFiles: ['tests/support/environment.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
})

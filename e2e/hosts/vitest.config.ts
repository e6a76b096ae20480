import { defineConfig } from 'vitest/config'

// Run by scripts/hosts.ts, which starts the hosts.
export default defineConfig({
  test: {
    name: 'hosts',
    include: ['e2e/hosts/*.test.ts'],
    testTimeout: 20_000,
  },
})

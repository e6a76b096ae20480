import { reactRouter } from '@react-router/dev/vite'
import { defineConfig } from 'vite'

// Node loads these, not Vite: server.ts uses them too, and two copies would be two database pools.
const onServer = [
  '@mikro-orm/core',
  '@mikro-orm/migrations',
  '@mikro-orm/postgresql',
  '@sigra/remix',
  '@sigra/worker',
]

export default defineConfig({
  plugins: [reactRouter()],
  resolve: { tsconfigPaths: true },
  // Only for tests of a production build: it shows the mailbox. Fixed when it is built, whatever the server is started with.
  define: { 'process.env.SIGRA_BUILD_MAILBOX': JSON.stringify(process.env.SIGRA_BUILD_MAILBOX ?? '') },
  ssr: { external: onServer },
  optimizeDeps: { exclude: [...onServer, 'react-email', 'zod'] }, // nothing of them reaches a browser
})

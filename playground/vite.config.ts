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
  ssr: { external: onServer },
  optimizeDeps: { exclude: [...onServer, 'react-email', 'zod'] }, // nothing of them reaches a browser
})

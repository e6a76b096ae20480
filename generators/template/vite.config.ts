import { reactRouter } from '@react-router/dev/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [reactRouter()],
  resolve: { tsconfigPaths: true },
  // Node loads these, not Vite: server.ts uses them too, and two copies would be two database pools.
  ssr: { external: ['@sigra/remix', '@sigra/worker', '@mikro-orm/core', '@mikro-orm/postgresql'] },
})

import { defineConfig } from 'vite'

// worker.ts reaches mails written in TSX, which Node does not load: `npm run build` makes build/worker/worker.js of it.
export default defineConfig({
  resolve: { tsconfigPaths: true },
  // Only for tests of a production build: its mail goes to the mailbox instead of out. Fixed when it is built.
  define: { 'process.env.SIGRA_BUILD_MAILBOX': JSON.stringify(process.env.SIGRA_BUILD_MAILBOX ?? '') },
  // What is installed stays installed: one copy of each package, shared with the server.
  ssr: { external: true },
  build: {
    ssr: 'worker.ts',
    outDir: 'build/worker',
    copyPublicDir: false,
    sourcemap: true,
  },
})

import { createServer } from 'node:http'
import { createRequestHandler } from '@react-router/express'
import {
  buildOfVite,
  loadBuild,
  showInBrowser,
  sigraExpress,
  sigraExpressErrors,
  stopGracefully,
} from '@sigra/remix/express'
import compression from 'compression'
import express from 'express'
import type { ServerBuild } from 'react-router'
import type * as AppEntry from './app/entry.server.tsx'

/** No file of the app is imported here: what app/entry.server.tsx exports arrives with the build. */
interface AppBuild extends ServerBuild {
  entry: ServerBuild['entry'] & { module: typeof AppEntry }
}

const isProduction = process.env.NODE_ENV === 'production'
const port = Number(process.env.PORT ?? 5173)

const app = express()
const server = createServer(app)
const vite = isProduction ? null : await startVite()
const build = vite
  ? buildOfVite<AppBuild>(vite)
  : await loadBuild<AppBuild>(new URL('build/server/index.js', import.meta.url))

app.disable('x-powered-by')
if (vite) app.use(vite.middlewares)
// First of all: request id, visitor's address, origin check, security headers on every answer.
app.use(sigraExpress({ sigra: async () => (await build()).entry.module.sigra }))
app.use(compression())
if (isProduction) {
  app.use(
    express.static('build/client', {
      index: false,
      maxAge: '1h',
      setHeaders(response, path) {
        // A file there has a hash in its name: what it holds never changes.
        if (!/[\\/]assets[\\/]/.test(path)) return
        response.setHeader('Cache-Control', 'public, max-age=31536000, immutable')
      },
    }),
  )
}
// Given a function, React Router works out its routes anew for every request: in production there is no need.
app.use(
  createRequestHandler({
    build: isProduction ? await build() : build,
    mode: process.env.NODE_ENV ?? 'development',
  }),
)
app.use(sigraExpressErrors())
if (vite) app.use(showInBrowser(vite))

// In development on this machine alone: the mailbox, with every link in it, is open to whoever reaches the server.
server.listen({ port, ...(isProduction ? {} : { host: 'localhost' }) }, () => {
  if (isProduction) console.log(JSON.stringify({ event: 'server.listening', port }))
})
// Vite ends the process by itself, and in development nobody waits for an answer.
if (isProduction) stopGracefully(server, { close: closeApp })

async function startVite() {
  const { createServer: createVite } = await import('vite')
  return createVite({ appType: 'custom', server: { middlewareMode: true, hmr: { server } } })
}

async function closeApp(): Promise<void> {
  const entry = (await build()).entry.module
  await entry.sigra.close()
}

import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { createRequestHandler } from '@react-router/express'
import { checkSettings, sigraExpress, sigraExpressErrors } from '@sigra/remix/express'
import compression from 'compression'
import express, { type NextFunction, type Request, type Response } from 'express'
import type { ServerBuild } from 'react-router'
import type * as AppEntryModule from './app/entry.server.tsx'

/** What app/entry.server.tsx exports: everything of the app that this file needs. No file of the app is imported here. */
type AppEntry = typeof AppEntryModule

interface AppBuild extends ServerBuild {
  entry: ServerBuild['entry'] & { module: AppEntry }
}

const isProduction = process.env.NODE_ENV === 'production'
const port = Number(process.env.PORT ?? 5173)

const app = express()
const server = createServer(app)
const vite = isProduction ? null : await startVite()
const loadBuild = vite ? buildOfVite : await buildOnDisk()

app.disable('x-powered-by')
if (vite) app.use(vite.middlewares)
// First of all: request id, visitor's address, origin check, security headers on every answer.
app.use(sigraExpress({ sigra: async () => (await loadBuild()).entry.module.sigra }))
app.use(compression())
if (isProduction) {
  app.use('/assets', express.static('build/client/assets', { immutable: true, maxAge: '1y', index: false }))
  app.use(express.static('build/client', { maxAge: '1h', index: false }))
}
app.use(createRequestHandler({ build: loadBuild, mode: process.env.NODE_ENV ?? 'development' }))
app.use(sigraExpressErrors())
if (vite) app.use(showInBrowser)

// In development on this machine alone: the mailbox, with every link in it, is open to whoever reaches the server.
server.listen({ port, ...(isProduction ? {} : { host: 'localhost' }) }, () => {
  if (isProduction) console.log(JSON.stringify({ event: 'server.listening', port }))
})
// Vite ends the process by itself, and in development nobody waits for an answer.
if (isProduction) stopGracefully()

async function buildOnDisk(): Promise<() => Promise<AppBuild>> {
  const build = loadAppBuild()
  const started = build.then(({ entry }) => entry.module.sigra.start())
  // Settings that are missing or unsafe stop the start here, each with a sentence of its own.
  await started.catch((error: unknown) => {
    console.error(error instanceof Error && 'code' in error ? error.message : error)
    process.exit(1)
  })
  return () => build
}

/** Looks at every setting before anything is loaded that uses one. */
async function loadAppBuild(): Promise<AppBuild> {
  checkSettings(process.env)
  const path = new URL('build/server/index.js', import.meta.url).href
  return import(path)
}

async function startVite() {
  const { createServer: createVite } = await import('vite')
  return createVite({ appType: 'custom', server: { middlewareMode: true, hmr: { server } } })
}

/** Evaluates again only what changed since the request before. */
async function buildOfVite(): Promise<AppBuild> {
  if (!vite) throw new Error('Vite runs in development only')
  const build = await vite.ssrLoadModule('virtual:react-router/server-build')
  if (!isAppBuild(build)) throw new Error('app/entry.server.tsx does not export sigra')
  return build
}

function isAppBuild(build: Record<string, unknown>): build is AppBuild & Record<string, unknown> {
  return 'sigra' in Object(Object(build.entry).module)
}

/** The overlay that Vite would show, for an app that does not even load. It goes away with the mistake. */
function showInBrowser(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (response.headersSent) return next(error)
  if (error instanceof Error) vite?.ssrFixStacktrace(error)
  console.error(error)
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  const details = JSON.stringify({ message, stack }).replaceAll('<', String.raw`\u003c`)
  response.status(500).type('html').send(`<!doctype html><title>Error</title><body><script type="module">
import '/@vite/client'
import { ErrorOverlay } from '/@vite/client'
document.body.append(new ErrorOverlay(${details}))
</script>`)
}

/** Lets running requests finish, then closes what is open. A second signal, or 10 seconds, ends the wait. */
function stopGracefully(): void {
  const unused = new Set<Socket>()
  server.on('connection', (socket) => {
    unused.add(socket) // a browser connects ahead of time and may never send a request
    socket.once('data', () => unused.delete(socket))
    socket.once('close', () => unused.delete(socket))
  })

  const stop = () => {
    setTimeout(() => process.exit(1), 10_000).unref()
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))
    server.close(() => void closeApp().finally(() => process.exit(0)))
    for (const socket of unused) socket.destroy()
    setInterval(() => server.closeIdleConnections(), 100)
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop)
}

async function closeApp(): Promise<void> {
  const entry = (await loadBuild()).entry.module
  // sigra:if mail=in-process
  // sigra:+ await (await entry.worker).stop()
  // sigra:end
  await entry.sigra.runtime.close()
  await entry.sigra.runtime.orm.close()
}

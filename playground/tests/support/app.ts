import type { Sigra } from '@sigra/remix'
import { wrapHandler } from '@sigra/remix'
import { runWorker, type Mails, type OutgoingMail } from '@sigra/worker'
import { createRequestHandler, type ServerBuild } from 'react-router'
import { createServer } from 'vite'
import { expect } from 'vitest'
import type * as Accounts from '../../app/accounts/accounts.server.ts'

export interface TestApp {
  sigra: Sigra
  accounts: typeof Accounts
  /** What React Router calls the route of a path: `dashboard` is `routes/dashboard`. */
  routeId(path: string): string
  /** A browser of its own: nobody is signed in, and nobody else has its address. */
  openBrowser(): Browser
  /** The newest mail to an address. Mail is queued, so it may take a moment. */
  waitForMail(to: string, subject: RegExp): Promise<OutgoingMail>
  stop(): Promise<void>
}

export interface Browser {
  get(path: string): Promise<Page>
  post(path: string, form: Record<string, string>): Promise<Page>
  /** As the script of a page does, which knows what comes back. */
  postJson<Answer = unknown>(path: string, value: object): Promise<Answer>
  /** What a loader or an action is called with. */
  args(path: string): { request: Request }
}

export interface Page {
  status: number
  /** Where a redirect leads. */
  location: string | null
  headers: Headers
  html: string
}

/** The app as the server runs it, in this process: middleware, loaders, documents, a database and a mail worker. */
export async function startTestApp(): Promise<TestApp> {
  const vite = await createServer({
    server: { middlewareMode: true, ws: false, watch: null },
    appType: 'custom',
  })
  const build = (await vite.ssrLoadModule('virtual:react-router/server-build')) as ServerBuild
  const { sigra } = build.entry.module as ServerBuild['entry']['module'] & { sigra: Sigra }
  const accounts = (await vite.ssrLoadModule('/app/accounts/accounts.server.ts')) as typeof Accounts
  const { mails } = (await vite.ssrLoadModule('/app/accounts/emails/index.ts')) as { mails: Mails }

  const sent: OutgoingMail[] = []
  const transport = async (mail: OutgoingMail) => void sent.push(mail)
  const worker = await runWorker({ sigra, mails, transport, inProcess: true })
  const handle = createRequestHandler(build, 'test')

  return {
    sigra,
    accounts,
    routeId: (path) => Object.values(build.routes).find((route) => route?.path === path)?.id ?? '',
    openBrowser: () => openBrowser(sigra, handle),
    async waitForMail(to, subject) {
      const find = () => sent.filter((mail) => mail.to === to && subject.test(mail.subject)).at(-1)
      await expect.poll(find, { timeout: 10_000 }).toBeDefined()
      return find() ?? Promise.reject(new Error(`no mail to ${to}`))
    },
    async stop() {
      await worker.stop()
      await vite.close()
      await sigra.runtime.close()
      await sigra.runtime.orm.close()
    },
  }
}

let addresses = 0

function openBrowser(sigra: Sigra, handle: (request: Request) => Promise<Response>): Browser {
  const { origin } = sigra.runtime.origin
  const address = `203.0.113.${(addresses += 1)}`
  const serve = wrapHandler(handle, { sigra: () => sigra, socketAddress: () => address })
  const cookies = new Map<string, string>()

  const request = (path: string, init: RequestInit = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = new Headers(init.headers)
    headers.set('Origin', origin)
    headers.set('Cookie', cookie)
    return new Request(new URL(path, origin), { ...init, headers })
  }
  const open = async (path: string, init?: RequestInit): Promise<Page> => {
    const response = await serve(request(path, init))
    for (const cookie of response.headers.getSetCookie()) keep(cookies, cookie)
    const { status, headers } = response
    return { status, headers, location: headers.get('Location'), html: await response.text() }
  }
  return {
    get: (path) => open(path),
    post: (path, form) => open(path, { method: 'POST', body: new URLSearchParams(form) }),
    postJson: async (path, value) => {
      const headers = { 'Content-Type': 'application/json' }
      return JSON.parse((await open(path, { method: 'POST', headers, body: JSON.stringify(value) })).html)
    },
    args: (path) => ({ request: request(path) }),
  }
}

function keep(cookies: Map<string, string>, cookie: string): void {
  const [pair = '', ...attributes] = cookie.split(';')
  const [name = '', value = ''] = pair.split('=')
  if (value === '' || attributes.some((attribute) => attribute.trim().toLowerCase() === 'max-age=0'))
    cookies.delete(name)
  else cookies.set(name, value)
}

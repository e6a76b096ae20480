import type { Edge } from '../edge.ts'
import { jsonAnswer } from '../json-answer.ts'
import { enterRequest } from '../request/enter-request.ts'
import type { RequestArgs } from '../request/request-args.ts'
import { type MailboxItem, renderMailbox } from './render-mailbox.ts'
import { type MailboxMessage, readMailbox } from './read-mailbox.ts'

/** One of the app's mail templates, filled with sample data, for the gallery. */
export interface MailSample {
  name: string
  subject: string
  html: string
  text: string
}

export interface MailboxOptions {
  /** Where the worker's mailbox transport writes. @default '.sigra/mailbox' */
  directory?: string
  /** The templates to show beside what was sent. @default none */
  samples?: () => readonly MailSample[] | Promise<readonly MailSample[]>
  /** Everyone who reaches the page can read every link in it: for tests of a production build only. @default false */
  dangerouslyAllowInProduction?: boolean
}

const warned = new WeakSet<object>() // once per process is loud enough

type Owner = { readonly edge: Edge }

// Opaque origin, no scripts, no forms: whatever stands in a mail, it can only be looked at. Links open a tab.
const FRAME_POLICY =
  "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; " +
  "img-src data: https: 'self'; font-src data: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"

/**
 * `/dev/mailbox`: every mail sent in development, newest first, as HTML and text, refreshed as they arrive. Return it
 * from the loader of a route without a component.
 */
export async function mailboxPage(
  sigra: Owner,
  args: RequestArgs,
  options: MailboxOptions = {},
): Promise<Response> {
  if (isClosed(sigra, options)) return notFound()
  const { pathname, searchParams } = new URL(args.request.url)
  const [messages, samples] = await Promise.all([readMessages(options), options.samples?.() ?? []])
  const items = [...messages.map(itemOf), ...samples.map(sampleItem)]

  const frame = searchParams.get('frame')
  if (frame !== null) {
    const item = items.find(({ key }) => key === frame)
    return item === undefined ? notFound() : frameOf(item.html)
  }
  const { nonce } = enterRequest(sigra.edge, args)
  const page = renderMailbox({
    items,
    openKey: searchParams.get('open') ?? items[0]?.key ?? null,
    isText: searchParams.get('as') === 'text',
    pathname: pathname.replace(/\/$/, ''),
    appName: sigra.edge.runtime.appName,
    nonce,
  })
  return htmlAnswer(page, {
    'Content-Security-Policy':
      `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; connect-src 'self'; ` +
      "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  })
}

/** `/dev/mailbox/messages`: the same as JSON. */
export async function mailboxMessages(
  sigra: Owner,
  _args: RequestArgs,
  options: MailboxOptions = {},
): Promise<Response> {
  if (isClosed(sigra, options)) return notFound()
  return jsonAnswer(await readMessages(options), { headers: { 'Cache-Control': 'no-store' } })
}

function isClosed({ edge }: Owner, options: MailboxOptions): boolean {
  const { runtime, settings } = edge
  if (!settings.production) return false
  if (options.dangerouslyAllowInProduction !== true) return true
  if (!warned.has(runtime))
    runtime.logger.warn('sigra.dangerous_option', { option: 'the mailbox in production' })
  warned.add(runtime)
  return false
}

function readMessages({ directory = '.sigra/mailbox' }: MailboxOptions): Promise<MailboxMessage[]> {
  return readMailbox(directory)
}

function itemOf(message: MailboxMessage): MailboxItem {
  const { id, to, from, subject, html, text, sentAt } = message
  return { key: id, to, from, subject, html, text, sentAt }
}

function sampleItem({ name, subject, html, text }: MailSample): MailboxItem {
  return { key: `template:${name}`, to: name, from: '', subject, html, text, sentAt: null }
}

function frameOf(html: string): Response {
  return htmlAnswer(`<base target="_blank">${html}`, {
    'Content-Security-Policy': FRAME_POLICY,
    'X-Frame-Options': 'SAMEORIGIN',
  })
}

function htmlAnswer(html: string, headers: Record<string, string>): Response {
  return new Response(html, {
    headers: { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-store', ...headers },
  })
}

function notFound(): Response {
  return new Response('Not Found', { status: 404, headers: { 'Cache-Control': 'no-store' } })
}

import { escapeHtml } from './escape-html.ts'
import { refreshScript } from './refresh-script.ts'
import { stylesheet } from './stylesheet.ts'

export interface MailboxItem {
  key: string
  to: string
  from: string
  subject: string
  html: string
  text: string
  /** ISO 8601; `null` for a template of the gallery. */
  sentAt: string | null
}

export interface MailboxView {
  items: readonly MailboxItem[]
  openKey: string | null
  isText: boolean
  /** Of the page itself, without a slash at its end. */
  pathname: string
  appName: string
  nonce: string
}

/** The mailbox as one document. It needs no script: the script only fetches what arrives meanwhile. */
export function renderMailbox(view: MailboxView): string {
  const { items, openKey, appName, nonce } = view
  const open = items.find(({ key }) => key === openKey)
  const sent = items.filter(({ sentAt }) => sentAt !== null)
  const templates = items.filter(({ sentAt }) => sentAt === null)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Mailbox · ${escapeHtml(appName)}</title>
<style nonce="${nonce}">${stylesheet}</style>
</head>
<body data-newest="${escapeHtml(sent[0]?.key ?? '')}" data-messages="${escapeHtml(view.pathname)}/messages">
<aside>
<header><h1>Mailbox</h1><p>${escapeHtml(appName)}, development</p></header>
<nav aria-label="Messages">
${sent.length === 0 ? '<p class="none">No emails yet. What the app sends appears here at once.</p>' : list(view, sent)}
${templates.length === 0 ? '' : `<h2>Templates</h2>${list(view, templates)}`}
</nav>
</aside>
<main>${open === undefined ? '' : reader(view, open)}</main>
<script nonce="${nonce}">${refreshScript}</script>
</body>
</html>`
}

function list(view: MailboxView, items: readonly MailboxItem[]): string {
  const entries = items.map((item) => {
    const current = item.key === view.openKey ? ' aria-current="true"' : ''
    const time = item.sentAt === null ? '' : timeOf(item.sentAt)
    return `<li><a href="${linkTo(view, item, view.isText)}"${current}><strong>${escapeHtml(item.subject)}</strong><span>${escapeHtml(item.to)}</span>${time}</a></li>`
  })
  return `<ol>${entries.join('')}</ol>`
}

function reader(view: MailboxView, item: MailboxItem): string {
  const frame = `${view.pathname}?${new URLSearchParams({ frame: item.key })}`
  const facts = [fact('From', item.from), fact(item.sentAt === null ? 'Template' : 'To', item.to)].join('')
  const tab = (isText: boolean, label: string) =>
    `<a href="${linkTo(view, item, isText)}"${view.isText === isText ? ' aria-current="true"' : ''}>${label}</a>`
  return `<header><h2>${escapeHtml(item.subject)}</h2><dl>${facts}</dl>
<p class="tabs">${tab(false, 'HTML')}${tab(true, 'Text')}</p></header>
${
  view.isText
    ? `<pre>${escapeHtml(item.text)}</pre>`
    : `<iframe title="${escapeHtml(item.subject)}" sandbox="allow-popups allow-popups-to-escape-sandbox" src="${escapeHtml(frame)}"></iframe>`
}`
}

function fact(name: string, value: string): string {
  return value === '' ? '' : `<div><dt>${name}</dt><dd>${escapeHtml(value)}</dd></div>`
}

function timeOf(sentAt: string): string {
  const date = new Date(sentAt)
  if (Number.isNaN(date.getTime())) return ''
  return `<time datetime="${date.toISOString()}">${date.toISOString().slice(11, 16)}</time>`
}

function linkTo(view: MailboxView, item: MailboxItem, isText: boolean): string {
  const query = new URLSearchParams({ open: item.key, ...(isText ? { as: 'text' } : {}) })
  return escapeHtml(`${view.pathname}?${query}`)
}

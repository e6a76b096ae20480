import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A mail the worker sent in development. */
export interface MailboxMessage {
  id: string
  to: string
  from: string
  subject: string
  text: string
  html: string
  headers: Record<string, string>
  sentAt: string
}

/** Every message of the folder, newest first. A file that is no message is left out; no folder is no mail yet. */
export async function readMailbox(directory: string): Promise<MailboxMessage[]> {
  const names = (await listFolder(directory)).filter((name) => name.endsWith('.json'))
  const messages = await Promise.all(names.map((name) => readMessage(join(directory, name))))
  return messages
    .filter((message) => message !== null)
    .sort((a, b) => b.sentAt.localeCompare(a.sentAt) || b.id.localeCompare(a.id))
}

async function listFolder(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch {
    return []
  }
}

async function readMessage(path: string): Promise<MailboxMessage | null> {
  try {
    return parseMessage(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return null // removed since, or not ours
  }
}

function parseMessage(value: unknown): MailboxMessage | null {
  if (typeof value !== 'object' || value === null) return null
  const text = (key: string) => {
    const field: unknown = Reflect.get(value, key)
    return typeof field === 'string' ? field : ''
  }
  const id = text('id')
  if (id === '') return null
  const headers = Object.entries(Reflect.get(value, 'headers') ?? {}).map(([name, field]) => [
    name,
    String(field),
  ])
  return {
    id,
    to: text('to'),
    from: text('from'),
    subject: text('subject'),
    text: text('text'),
    html: text('html'),
    headers: Object.fromEntries(headers),
    sentAt: text('sentAt'),
  }
}

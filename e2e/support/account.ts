import { randomBytes } from 'node:crypto'
import { Client, type Answer } from './http.ts'
import { waitForMail } from './mails.ts'

export const password = 'quiet river under stones'

export function freshEmail(): string {
  return `box-${randomBytes(6).toString('hex')}@example.com`
}

/** Registers and confirms by link over plain HTTP, in the same browser, and logs out of what that signed in to. */
export async function createAccount(
  client = new Client(),
  email = freshEmail(),
): Promise<{ client: Client; email: string }> {
  await client.post('/users/register', { email, password })
  const confirmed = await followLink(client, (await waitForMail(email, /confirm/i)).link)
  if (confirmed.status !== 303)
    throw new Error(`Confirming answered ${confirmed.status}: ${confirmed.body.slice(0, 400)}`)
  await client.post('/users/log-out', {})
  return { client, email }
}

/** Opens a link of a mail and presses the button of its page. */
export async function followLink(
  client: Client,
  link: string,
  more: Record<string, string> = {},
): Promise<Answer> {
  const { location } = await client.get(new URL(link).pathname)
  const path = location ?? ''
  return client.post(path, { f: new URL(path, 'http://x').searchParams.get('f') ?? '', ...more })
}

export function logIn(
  client: Client,
  email: string,
  typed = password,
  more: Record<string, string> = {},
): Promise<Answer> {
  return client.post('/users/log-in', { intent: 'password', email, password: typed, ...more })
}

export async function createSignedIn(): Promise<{ client: Client; email: string }> {
  const account = await createAccount()
  const answer = await logIn(account.client, account.email)
  if (answer.status !== 303)
    throw new Error(`Logging in answered ${answer.status}: ${answer.body.slice(0, 400)}`)
  return account
}

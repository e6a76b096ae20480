import { createPasswordHasher, normalizePassword } from '@sigra/core'
import { password } from '../support/account.ts'
import { type Answer, Client } from '../support/http.ts'

/** What `insertPeople` stores so that `signIn` is right. */
export async function hashBenchPassword(): Promise<string> {
  const hasher = createPasswordHasher()
  try {
    const normalized = normalizePassword(password)
    if (normalized === null) throw new RangeError('the password cannot be normalized')
    return await hasher.hash(normalized)
  } finally {
    await hasher.close()
  }
}

/** Signs one of the inserted people in, from a browser and an address of its own. */
export async function signIn(person: number): Promise<{ client: Client; answer: Answer }> {
  const client = new Client()
  const form = { intent: 'password', email: `person${person}@example.com`, password }
  return { client, answer: await client.post('/users/log-in', form) }
}

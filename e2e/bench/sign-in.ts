import { createPasswordHasher, normalizePassword } from '@sigra/core'
import { logIn, password } from '../support/account.ts'
import { type Answer, Client } from '../support/http.ts'
import { addressOf } from './session-database.ts'

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
  return { client, answer: await logIn(client, addressOf(person)) }
}

import { sql } from '../database/sql.ts'
import { inTransaction, newId } from '../database/transaction.ts'
import { insertTotp } from './test-belongings.ts'
import { insertPasskey } from './passkeys/insert-passkey.ts'
import type { TestRuntime } from './test-runtime.ts'
import { signInTestUser } from './test-session.ts'
import { createTestUser, type TestUser } from './test-user.ts'

/** Somebody of whom a word stands in every table of accounts, in each column that may hold one, and in queued emails. */
export async function createTalkativeUser(test: TestRuntime, word: string): Promise<TestUser> {
  const user = await createTestUser(test, { email: `${word}@example.com` })
  await signInTestUser(test, user)
  await insertPasskey(test, user)
  await insertTotp(test, user)
  await inTransaction(test.runtime, async (tx) => {
    const { userToken, userEmailChange, userConsent } = tx.tables
    await tx.rows(sql`update users set display_name = ${word}, locale = ${word} where id = ${user.id}`)
    await tx.rows(sql`update user_passkeys set nickname = ${word} where user_id = ${user.id}`)
    await tx.rows(sql`update user_sessions set user_agent = ${word}, ip = ${word} where user_id = ${user.id}`)
    await tx.rows(sql`
      insert into users_tokens (id, user_id, purpose, key_id, selector, token_hash, sent_to, redirect_to, requested_at,
        expires_at, created_at)
      values (${newId(tx, userToken)}, ${user.id}, 'reset-password', 'k1', ${Buffer.from(word.padStart(16).slice(-16))},
        sha256(${Buffer.from(word)}), ${user.canonical}, ${`/${word}`}, now(), now() + interval '1 hour', now())`)
    await tx.rows(sql`
      insert into user_email_changes (id, user_id, old_email, old_email_canonical, new_email, new_email_canonical,
        suspect_since, requested_at, expires_at, confirmed_at)
      values (${newId(tx, userEmailChange)}, ${user.id}, ${`${word}@old.example`}, ${`${word}@old.example`}, ${user.email},
        ${user.canonical}, now(), now(), now(), now())`)
    await tx.rows(sql`
      insert into user_consents (id, user_id, document, version, accepted_at)
      values (${newId(tx, userConsent)}, ${user.id}, ${word}, '1', now())`)
    await tx.rows(sql`
      insert into user_address_holds (digest, key_id, reason, held_until, user_id)
      values (sha256(${Buffer.from(word)}), 'k1', 'changed', now() + interval '1 day', ${user.id})`)
  })
  for (const address of [user.canonical, `${word}@old.example`])
    await queueMail(test, { address, userAgent: word })
  return user
}

/** An email that waits in the queue. */
export async function queueMail(
  test: TestRuntime,
  mail: { address: string; userAgent?: string },
): Promise<void> {
  await test.rows(sql`
    select from graphile_worker.add_job('sigra.mail', ${JSON.stringify({ kind: 'resetPassword', ...mail })}::json)`)
}

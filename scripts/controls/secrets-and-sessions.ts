// Bearer secrets, and the sessions that are carried by them.

import type { Control } from './control.ts'
import { core, edge, flows, worker } from './rooms.ts'

export const secretsAndSessions: readonly Control[] = [
  {
    row: 1,
    control: 'Bearer secrets are random, stored as hashes, and good for one purpose',
    mutants: [
      {
        name: 'the purpose is no part of the key of a mailed token',
        file: core('mailed-token.ts'),
        edits: [['`mailed-token/${purpose}`', "'mailed-token'"]],
        tests: [core('mailed-token.test.ts')],
      },
      {
        name: 'session tokens are stored as they are',
        file: core('session-token.ts'),
        edits: [
          [
            'return sha256(token) as SessionTokenHash',
            "return Buffer.from(token, 'base64url') as SessionTokenHash",
          ],
        ],
        tests: [core('session-token.test.ts')],
      },
    ],
  },
  {
    row: 2,
    control:
      'What works once or is counted changes in one conditional statement, tries before they are looked at',
    mutants: [
      {
        name: 'a used mail token is good again',
        file: flows('tokens/usable-token.ts'),
        edits: [['and t.used_at is null and t.superseded_at', 'and t.superseded_at']],
        tests: [flows('magic-link/magic-link.pg.test.ts')],
      },
      {
        name: 'registering pressed twice mails twice',
        file: flows('register/store-registration.ts'),
        edits: [['else if (!isFirst) return', 'else if (!isFirst && !stored) return']],
        tests: [flows('register/register-again.pg.test.ts')],
      },
      {
        name: 'any browser registers an address again that waits to be confirmed',
        file: flows('register/store-registration.ts'),
        edits: [[' and u.registration_browser_hash = excluded.registration_browser_hash', '']],
        tests: [flows('register/register-again.pg.test.ts')],
      },
      {
        name: 'an account in use is registered again from a shared browser',
        file: flows('register/store-registration.ts'),
        edits: [[' and u.first_signed_in_at is null', '']],
        tests: [flows('register/register-again.pg.test.ts')],
      },
      {
        name: 'an address is registered again for as long as nobody confirms it',
        file: flows('register/store-registration.ts'),
        edits: [[" - ${linkHours} * interval '1 hour'", " - ${linkHours} * interval '1 year'"]],
        tests: [flows('register/register-again.pg.test.ts')],
      },
      {
        name: 'a link whose row was swept says that the account was removed',
        file: flows('confirm/reject-registration.ts'),
        edits: [['return rows.length > 0', 'return rows.length >= 0']],
        tests: [flows('confirm/confirm-user.pg.test.ts')],
      },
      {
        name: 'paths of our own files lead into .git',
        file: 'generators/src/inner-path.ts',
        edits: [['&& !FOREIGN.has(name)', '']],
        tests: ['generators/src/plan/outside-paths.test.ts'],
      },
      {
        name: 'another database is emptied than the one whose name was typed',
        file: 'packages/dev/src/commands/reset-database.ts',
        edits: [['if (owned.text !== used.text) {', "if (owned.text === '') {"]],
        tests: ['packages/dev/src/commands/database-tools.pg.test.ts'],
      },
      {
        name: 'a database URL that cannot be read is quoted by the migration',
        file: worker('migrate/migrate-database.ts'),
        edits: [["    checkDatabaseUrl('DATABASE_URL', appUrl)\n", '']],
        tests: ['packages/dev/src/commands/migrate-in-production.pg.test.ts'],
      },
      {
        name: 'a slow database loses what is to be given back',
        file: flows('limits/refunds.ts'),
        edits: [['underWay ??= ', 'underWay = ']],
        tests: [flows('limits/refunds.test.ts')],
      },
      {
        name: 'the 72 bytes that bcrypt reads become the password',
        file: core('bcrypt.ts'),
        edits: [['.length < BYTES_READ', '.length <= BYTES_READ']],
        tests: [core('password-hasher.test.ts')],
      },
      {
        name: 'a success is repeated to any browser',
        file: flows('tokens/repeat-token-use.ts'),
        edits: [['and t.used_browser_hash = ', 'and t.used_browser_hash is distinct from ']],
        tests: [flows('tokens/repeat-token-use.pg.test.ts')],
      },
      {
        name: 'a success is repeated without end',
        file: flows('tokens/repeat-token-use.ts'),
        edits: [['t.repeat_count < ${MAX_REPEATS}', '${MAX_REPEATS}::int > 0']],
        tests: [flows('tokens/repeat-token-use.pg.test.ts')],
      },
      {
        name: 'a success is repeated for another password than the one stored',
        file: flows('tokens/repeat-with-password.ts'),
        edits: [['return verdict.ok', 'return true']],
        tests: [flows('tokens/repeat-token-use.pg.test.ts')],
      },
      {
        name: 'a press that is repeated takes the session of a token that came back',
        file: flows('door/repeat-sign-in.ts'),
        edits: [['and s.presented_at is null ', '']],
        tests: [flows('magic-link/repeat-sign-in.pg.test.ts')],
      },
      {
        name: 'a mail goes out although its link is dead',
        file: flows('mail/admit-requested-mails.ts'),
        edits: [["dead.has(mail) ? { drop: 'link used or superseded' } : admission", 'admission']],
        tests: [flows('mail/admit-requested-mails.pg.test.ts'), worker('backlog.pg.test.ts')],
      },
      {
        name: 'a mail is asked about before it is written, and not again',
        file: worker('mail/deliver-mail.ts'),
        edits: [
          ['  const admission = await delivery.admit(payload)\n  if', '  if'],
          [
            'const drafted = await draftMail(runtime, payload, await delivery.findReader(payload))\n',
            'const drafted = await draftMail(runtime, payload, await delivery.findReader(payload))\n  const admission = await delivery.admit(payload)\n',
          ],
        ],
        tests: [worker('backlog.pg.test.ts')],
      },
      {
        name: 'a mail greets by a name that was typed before the address was confirmed',
        file: flows('mail/find-mail-readers.ts'),
        edits: [['if (!row?.isConfirmed) return', 'if (!row) return']],
        tests: [flows('mail/find-mail-readers.pg.test.ts')],
      },
      {
        name: 'a name in a mail is a link',
        file: flows('mail/mail-text.ts'),
        edits: [['  if (isLinkLike(line)) return null\n', '']],
        tests: [flows('mail/find-mail-readers.pg.test.ts'), flows('mail/mail-text.test.ts')],
      },
      {
        name: 'a backlog sends every mail of a browser that asked again',
        file: flows('mail/mail-job-key.ts'),
        edits: [['if (browserHash === null) return null', 'if (browserHash !== undefined) return null']],
        tests: [worker('backlog.pg.test.ts')],
      },
      {
        name: 'a code may be tried without end',
        file: flows('tokens/reserve-code-try.ts'),
        edits: [
          ['and t.attempts < ${tries}\n        and t.requested_at', 'and t.requested_at'],
          ['and t.attempts < ${tries} and t.used_at', 'and t.used_at'],
        ],
        tests: [flows('confirm/confirm-user-by-code.pg.test.ts')],
      },
      {
        name: 'a code of the app works twice',
        file: flows('second-factor/spend-code.ts'),
        edits: [['set last_step = ${step}', 'set last_step = last_step']],
        tests: [flows('second-factor/second-factor-races.pg.test.ts')],
      },
      {
        name: 'the answer to a challenge of a passkey is good twice',
        file: flows('passkeys/spend-challenge.ts'),
        edits: [['do nothing returning 1', 'do update set expires_at = excluded.expires_at returning 1']],
        tests: [flows('passkeys/log-in-user-by-passkey.pg.test.ts')],
      },
      {
        name: 'a passkey whose counter stands still is none that was copied',
        file: flows('passkeys/use-passkey.ts'),
        edits: [
          [
            'and (p.counter < ${use.counter}::bigint or (p.counter = 0 and ${use.counter}::bigint = 0))',
            'and ${use.counter}::bigint >= 0',
          ],
        ],
        tests: [flows('passkeys/passkey-races.pg.test.ts')],
      },
      {
        name: 'a copy of a trusted browser is as good as the browser',
        file: flows('door/reused-trust.ts'),
        edits: [['and k.trusted_until > ${tx.now}\n', 'and false\n']],
        tests: [
          flows('second-factor/trusted-browser.pg.test.ts'),
          flows('second-factor/second-factor-races.pg.test.ts'),
        ],
      },
      {
        name: 'a copy that was used twice is as good as the browser',
        file: flows('door/reused-trust.ts'),
        edits: [['s.hash <> k.trust_hash', 's.hash = k.former_trust_hash']],
        tests: [flows('second-factor/trusted-browser.pg.test.ts')],
      },
      {
        name: 'a value that a new trust replaced stays in the browser, and is taken for a copy',
        file: flows('door/complete-sign-in.ts'),
        edits: [['!isEqual(session.formerFamily, ', '!isEqual(session.trustedBy, ']],
        tests: [flows('second-factor/trusted-browser.pg.test.ts')],
      },
      {
        name: 'two answers to one log-in hold two values',
        file: flows('sessions/trust-token.ts'),
        edits: [["encodeBase64Url(createMac(ring, 'trusted-browser', token))", 'createRandomToken()']],
        tests: [flows('sessions/trust-token.test.ts')],
      },
      {
        name: 'a log-in pressed twice is a theft',
        file: flows('door/reused-trust.ts'),
        edits: [['const GRACE_SECONDS = 60', 'const GRACE_SECONDS = 0']],
        tests: [flows('second-factor/trusted-browser.pg.test.ts')],
      },
      {
        name: 'the last way to sign in can be removed',
        file: flows('door/sign-in-ways.ts'),
        edits: [['sql`u.hashed_password is not null`', 'sql`true`']],
        tests: [flows('passkeys/manage-passkeys.pg.test.ts')],
      },
      {
        name: 'a credential that does not count is a way in',
        file: flows('door/sign-in-ways.ts'),
        edits: [['and ${counts} and', 'and (${counts} or true) and']],
        tests: [edge('toy-area.pg.test.ts')],
      },
    ],
  },
]

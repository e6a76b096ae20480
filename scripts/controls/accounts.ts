// What is kept of an account: first proofs, hashes, seeds, logs.

import type { Control } from './control.ts'
import { core, flows, edge } from './rooms.ts'

export const accounts: readonly Control[] = [
  {
    row: 11,
    control: 'The first proof of an address wipes what was attached to it unproven',
    mutants: [
      {
        name: 'a stranger’s password survives a magic link',
        file: flows('confirm/confirm-from-elsewhere.ts'),
        edits: [
          [
            'sql`(u.confirmed_at is null and u.registration_browser_hash is distinct from ${browserHash})`',
            'sql`(${browserHash}::bytea is null and false)`',
          ],
        ],
        tests: [flows('magic-link/magic-link.pg.test.ts')],
      },
      {
        name: 'another browser confirms without the password',
        file: flows('confirm/confirm-user.ts'),
        edits: [
          ['if (found?.sameBrowser) return', 'if (found) return'],
          ['sql`u.registration_browser_hash = ${browserHashOf(caller)}`', 'sql`true`'],
        ],
        tests: [flows('confirm/confirm-elsewhere.pg.test.ts')],
      },
      {
        name: 'confirming puts who is signed in to another account out',
        file: flows('confirm/confirm-here.ts'),
        edits: [
          ['if (here && here.userId !== userId) return', 'if (here && here.userId === null) return'],
          ['  if (held) {', '  if (held?.userId === userId) {'],
        ],
        tests: [flows('confirm/confirm-here.pg.test.ts')],
      },
      {
        name: 'confirming goes over the head of another account whose session has just gone on',
        file: flows('confirm/confirm-here.ts'),
        edits: [['const here = held ?? whoCame(caller)', 'const here = held']],
        tests: [flows('confirm/confirm-here.pg.test.ts')],
      },
      {
        name: 'a password chosen long ago counts when the mailbox is proved',
        file: flows('confirm/confirm-here.ts'),
        edits: [["u.created_at > ${tx.now} - ${minutes} * interval '1 minute'", '${minutes}::int > 0']],
        tests: [flows('confirm/confirm-here.pg.test.ts')],
      },
      {
        name: 'a password changed since registering counts when the mailbox is proved',
        file: flows('confirm/confirm-here.ts'),
        edits: [['u.password_changed_at is null and ', '']],
        tests: [flows('confirm/confirm-here.pg.test.ts')],
      },
      {
        name: 'the proof of a registration holds whatever became of the account',
        file: flows('door/proof.ts'),
        edits: [
          [
            'sql`u.hashed_password is not distinct from ${hashedPassword}\n      and u.registration_browser_hash = ${browserHash}`',
            'sql`true`',
          ],
        ],
        tests: [flows('door/complete-sign-in.pg.test.ts')],
      },
      {
        name: 'a second press of a confirmation makes no answer of the session of the first',
        file: flows('confirm/confirm-here.ts'),
        edits: [['    await nameSession(tx, owner, result.sessionId)\n', '']],
        tests: [flows('confirm/confirm-here.pg.test.ts')],
      },
    ],
  },
  {
    row: 12,
    control: 'Hashing is bounded: at a time, in the queue, and in what a stored hash may ask',
    mutants: [
      {
        name: 'the queue has no end',
        file: core('work-queue.ts'),
        edits: [
          ['    throw new Overloaded(', '    if (holder === null) return null\n    throw new Overloaded('],
        ],
        tests: [core('work-queue.test.ts')],
      },
      {
        name: 'a crowd of strangers takes every place in the queue',
        file: core('work-queue.ts'),
        edits: [['< limit - kept.places) return null', '< limit) return null']],
        tests: [core('work-queue.test.ts'), flows('limits/client-networks.pg.test.ts')],
      },
      {
        name: 'one account takes every place that is kept',
        file: core('work-queue.ts'),
        edits: [[' && own.length < kept.perHolder)', ' && own.length >= 0)']],
        tests: [core('work-queue.test.ts')],
      },
      {
        name: 'a stored hash may ask for any cost',
        file: core('phc.ts'),
        edits: [['memoryKib * passes <= MAX_MEMORY_TIMES_PASSES', 'true']],
        tests: [core('phc.test.ts')],
      },
      {
        name: 'what bcrypt compared only in part is stored whole',
        file: core('password-hasher.ts'),
        edits: [['isReadWhole(password))\n', 'true)\n']],
        tests: [core('password-hasher.test.ts'), flows('log-in/stronger-hash.pg.test.ts')],
      },
      {
        name: 'a stronger hash that the host refuses keeps its owner out',
        file: flows('database/on-the-side.ts'),
        edits: [['    if (error instanceof DatabaseUnavailable) throw error\n', '    throw error\n']],
        tests: [flows('log-in/stronger-hash.pg.test.ts')],
      },
      {
        name: 'one account may have as much hashed as it likes',
        file: flows('limits/charge-credential-change.ts'),
        edits: [['return chargeTarget(', 'return null && chargeTarget(']],
        tests: [flows('limits/charge-credential-change.pg.test.ts')],
      },
    ],
  },
  {
    row: 13,
    control: 'Seeds are encrypted and bound to their row',
    mutants: [
      {
        name: 'a seed opens in another row',
        file: flows('second-factor/totp-secret.ts'),
        edits: [
          ['seal(runtime.ring, TOTP_PURPOSE, secret, place)', "seal(runtime.ring, TOTP_PURPOSE, secret, '')"],
          ['open(runtime.ring, TOTP_PURPOSE, sealed, place)', "open(runtime.ring, TOTP_PURPOSE, sealed, '')"],
        ],
        tests: [flows('second-factor/activate-user-totp.pg.test.ts')],
      },
      {
        name: 'the tag of a sealed value is not checked',
        file: core('sealed-value.ts'),
        edits: [['concatBytes(text, decipher.final())', 'concatBytes(text)']],
        tests: [core('sealed-value.test.ts')],
      },
    ],
  },
  {
    row: 14,
    control: 'Logs, audit and jobs hold no secret, and nothing that a terminal obeys',
    mutants: [
      {
        name: 'control characters reach the log',
        file: core('text.ts'),
        edits: [['UNSAFE.test(character) ? escapeUnits(character) : character', 'character']],
        tests: [core('text.test.ts')],
      },
      {
        name: 'what was typed as an address is in the audit log',
        file: flows('audit/unknown-identifier.ts'),
        edits: [["return mac === null ? '' : encodeBase64Url(mac)", "return mac === null ? '' : typed"]],
        tests: [flows('tokens/secrets-at-rest.pg.test.ts'), flows('log-in/log-in-user.pg.test.ts')],
      },
    ],
  },
  {
    row: 18,
    control:
      'Only the token that was presented, of a session that lives and whose user is enabled, goes on as it',
    mutants: [
      {
        name: 'a former token of the session will do',
        file: flows('sessions/living-session.ts'),
        edits: [[' and s.token_hash = ${tokenHash}\n', '\n']],
        tests: [flows('flows/held-requests.pg.test.ts'), edge('held-requests.pg.test.ts')],
      },
      {
        name: 'a row of somebody who acts as another is a session where no area knows of it',
        file: flows('sessions/living-session.ts'),
        edits: [['sql`(${row}.impersonator_session_id is null`', 'sql`(true`']],
        tests: [flows('sessions/resolve-session.pg.test.ts')],
      },
      {
        name: 'what acts for a session does not ask whether it may',
        file: flows('sessions/continue-session.ts'),
        edits: [['const own = await continueSession(tx, session)', 'const own = session']],
        tests: [flows('flows/held-requests.pg.test.ts')],
      },
      {
        name: 'the session of a disabled user goes on',
        file: flows('sessions/continue-session.ts'),
        edits: [
          [
            'and ${mayHaveSession(tx.now, sql`${session.awaiting}::text`)} for no key update',
            'for no key update',
          ],
        ],
        tests: [flows('flows/held-requests.pg.test.ts')],
      },
      {
        name: 'a sign-in and a log-out end a session that goes by another token',
        file: flows('sessions/browser-session.ts'),
        edits: [
          ["{ sessionToken }: Pick<Caller, 'sessionToken'>", '{ session, sessionToken }: Caller'],
          [
            '.token_hash = ${tokenHash}::bytea)',
            '.token_hash = ${tokenHash}::bytea or ${identifier(alias)}.id::text = ${session?.id ?? null}::text)',
          ],
        ],
        tests: [flows('log-out/log-out-user.pg.test.ts'), flows('flows/held-requests.pg.test.ts')],
      },
      {
        name: 'who comes too late gets a cookie',
        file: edge('run-flow.ts'),
        edits: [
          [
            'if (isOvertaken(error)) throw',
            'if (changes) rememberBrowser(known)\n    if (isOvertaken(error)) throw',
          ],
        ],
        tests: [edge('held-requests.pg.test.ts')],
      },
      {
        name: 'the session is looked up before the body has come',
        file: edge('body/body-limit.ts'),
        edits: [['return !isSafeMethod(method) && ownRoutes', 'return path === method && ownRoutes']],
        tests: [edge('express/receive-whole-body.test.ts'), edge('held-requests.pg.test.ts')],
      },
      {
        name: 'a wrapper of web requests hands a page of ours a body that has not come',
        file: edge('wrap-handler.ts'),
        edits: [
          [
            'const isWhole = isTakenWhole(edge.settings, state, request.method) && request.body !== null',
            'const isWhole = isTakenWhole === null',
          ],
        ],
        tests: [edge('body/require-whole-body.test.ts')],
      },
      {
        name: 'the middleware goes on without the body',
        file: edge('react-router/sigra-middleware.ts'),
        edits: [['const missing = await awaitWholeBody(edge, state, request)', 'const missing = null']],
        tests: [edge('body/require-whole-body.test.ts')],
      },
      {
        name: 'a guard of a host without a wrapper looks the session up before the body has come',
        file: edge('guards.ts'),
        edits: [['  await requireWholeBody(visit)\n', '']],
        tests: [edge('body/require-whole-body.test.ts')],
      },
      {
        name: 'a flow of a host without a wrapper begins before the body has come',
        file: edge('run-flow.ts'),
        edits: [['  await requireWholeBody(visit)\n', '']],
        tests: [edge('body/require-whole-body.test.ts')],
      },
    ],
  },
  {
    row: 20,
    control: 'Every flow declares name, principal, sudo and impersonation; undeclared does not compile',
    mutants: [
      {
        name: 'what a flow declares about impersonation is not asked for',
        file: flows('flows/define-flow.ts'),
        edits: [["if (impersonation === 'refused')", 'if (impersonation === channel)']],
        tests: [flows('flows/declared-impersonation.pg.test.ts')],
      },
      {
        name: 'whoever may only look changes what they like',
        file: flows('flows/refuse-impersonation.ts'),
        edits: [[' || session?.mayWrite === false', '']],
        tests: [flows('flows/declared-impersonation.pg.test.ts'), edge('impersonation.pg.test.ts')],
      },
      {
        name: 'a row of the audit log names the person somebody acts as for the actor',
        file: flows('audit/record-audit-event.ts'),
        edits: [[' || principal.effectiveId !== null', '']],
        tests: [flows('audit/audit-log.pg.test.ts')],
      },
      {
        name: 'an employer reads what somebody does to their own account',
        file: flows('audit/record-audit-event.ts'),
        edits: [
          [
            'entry.organizationId ?? null',
            'entry.organizationId ?? source.principal?.organizationId ?? null',
          ],
        ],
        tests: [flows('audit/audit-log.pg.test.ts')],
      },
      {
        name: 'what a flow declares about sudo is not asked for',
        file: flows('flows/define-flow.ts'),
        edits: [['if (sudo !== false)', 'if (principal === sudo)']],
        tests: [flows('flows/declared-sudo.pg.test.ts')],
      },
      {
        name: 'a signed-in session enrols without sudo',
        file: flows('sudo/sudo-session.ts'),
        edits: [["if (mayEnrol && session?.awaiting === 'enrolment') return", 'if (mayEnrol) return']],
        tests: [flows('flows/declared-sudo.pg.test.ts')],
      },
    ],
  },
]

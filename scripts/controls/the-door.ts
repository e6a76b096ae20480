// Ways in: mailed links, like answers, one door, proofs, and what cannot be decided.

import type { Control } from './control.ts'
import { core, flows, edge } from './rooms.ts'

export const theDoor: readonly Control[] = [
  {
    row: 3,
    control: 'A mailed link shows a page, a button uses it up, and the token leaves the address at once',
    mutants: [
      {
        name: 'the redirect away from the link may be told to others and kept',
        file: edge('mail-flow.ts'),
        edits: [["  response.headers.set('Referrer-Policy', 'no-referrer')\n", '']],
        tests: [edge('state-cookies.test.ts'), edge('mail-flow.pg.test.ts')],
      },
      {
        name: 'what opens no page fills the browser with cookies',
        file: edge('mail-flow.ts'),
        edits: [['if (isOpened(args.request.headers)) keep(', 'keep(']],
        tests: [edge('state-cookies.test.ts')],
      },
      {
        name: 'each opening of a link is a cookie of its own',
        file: edge('mail-flow.ts'),
        edits: [['encodeBase64Url(parsed.selector.slice(0, ID_BYTES))', 'createId()']],
        tests: [edge('state-cookies.test.ts')],
      },
      {
        name: 'a link that was opened outlives whoever signs out, or the next one who signs in',
        file: edge('request/forget-person.ts'),
        edits: [['  forgetFlows(visit, isSamePerson)\n', '']],
        tests: [edge('mail-flow.pg.test.ts'), edge('state-cookies.test.ts')],
      },
      {
        name: 'a link that was opened outlives the next sign-in of the same person',
        file: edge('mail-flow.ts'),
        edits: [['(isSamePerson && entry.isDone === true)', 'isSamePerson']],
        tests: [edge('mail-flow.pg.test.ts')],
      },
      {
        name: 'whoever opens a page afresh reads what somebody typed before',
        file: edge('mail-flow.ts'),
        edits: [['each.f === f && each.purpose === TYPED', 'each.purpose === TYPED']],
        tests: [edge('state-cookies.test.ts')],
      },
      {
        name: 'a browser has its id only from the answer to a form',
        file: edge('request/greet-browser.ts'),
        edits: [["if (method !== 'GET' ||", "if (method !== 'none' ||"]],
        tests: [edge('request/greet-browser.test.ts')],
      },
      {
        name: 'looking at a link uses it up',
        file: flows('tokens/find-token.ts'),
        edits: [
          [
            'select u.id::text as "userId", u.email, t.attempts,',
            'with looked as (update users_tokens set used_at = now() where selector = ${token.selector}) select u.id::text as "userId", u.email, t.attempts,',
          ],
        ],
        tests: [flows('confirm/confirm-user.pg.test.ts')],
      },
    ],
  },
  {
    row: 4,
    control: 'Flows that could tell who has an account answer alike, at the same cost',
    mutants: [
      {
        name: 'no hash for an unknown account',
        file: flows('log-in/log-in-user.ts'),
        edits: [
          [
            'orBusy(runtime.hasher.verify(attempt.hashedPassword, password, placeOf(attempt)))',
            `orBusy(
    attempt.hashedPassword === null
      ? Promise.resolve({ ok: false, needsRehash: false, upgrade: null })
      : runtime.hasher.verify(attempt.hashedPassword, password, placeOf(attempt)),
  )`,
          ],
        ],
        tests: [flows('log-in/log-in-timing.pg.test.ts')],
      },
      {
        name: 'no signature is verified by the id of a passkey that nobody has',
        file: core('passkeys/verify-authentication.ts'),
        edits: [
          [
            '  const signed = await checkSigned(',
            `  if (!passkey) return { ok: false, reason: 'unknown-passkey' }
  const signed = await checkSigned(`,
          ],
        ],
        tests: [core('passkeys/stand-in-key.test.ts'), flows('passkeys/passkey-timing.pg.test.ts')],
      },
    ],
  },
  {
    row: 5,
    control: 'One door: every way in ends there, and it takes only proofs that a flow verified',
    mutants: [
      {
        name: 'whatever looks like a proof opens the door',
        file: flows('door/proof.ts'),
        edits: [['return genuine.has(proof)', 'return true']],
        tests: [flows('door/complete-sign-in.pg.test.ts'), flows('door/door-sessions.pg.test.ts')],
      },
      {
        name: 'the door asks for no second factor',
        file: flows('door/next-step.ts'),
        edits: [['sql`${isOneFactor} and ${isChallenged} and not', 'sql`false and ${isChallenged} and not']],
        tests: [flows('second-factor/sign-in-states.pg.test.ts')],
      },
      {
        name: 'a sign-in with one factor attaches an app beside the passkey its owner got meanwhile',
        file: flows('second-factor/enrolment-session.ts'),
        edits: [['aal === 2 ||', 'aal > 0 ||']],
        tests: [flows('second-factor/activate-user-totp.pg.test.ts')],
      },
      {
        name: 'two factors that another party saw are a sudo',
        file: flows('door/insert-session.ts'),
        edits: [["proof.amr.includes('backup') ? 'recovery' : null", "proof.aal === 2 ? 'recovery' : null"]],
        tests: [flows('door/door-sessions.pg.test.ts')],
      },
      {
        name: 'whoever is vouched for gets in when the link is gone',
        file: flows('door/proof.ts'),
        edits: [[": ['fed'], stillLinked)", ": ['fed'], stillLinked && sql`true`)"]],
        tests: [flows('door/door-sessions.pg.test.ts')],
      },
    ],
  },
  {
    row: 6,
    control:
      'Every sign-in and step-up gives a new session token; expiry is in the statement that looks it up',
    mutants: [
      {
        name: 'sessions never expire',
        file: flows('sessions/living-session.ts'),
        edits: [['(${row}.expires_at > ${now} and ', '(']],
        tests: [flows('sessions/resolve-session.pg.test.ts')],
      },
      {
        name: 'the session before a sign-in lives on',
        file: flows('door/insert-session.ts'),
        edits: [
          [
            'former as (delete from ${userSession.name} f where ',
            'former as (delete from ${userSession.name} f where false and ',
          ],
        ],
        tests: [flows('sessions/resolve-session.pg.test.ts')],
      },
      {
        name: 'a session that signs nobody in now is left behind by log-out and the next sign-in',
        file: flows('sessions/browser-session.ts'),
        edits: [
          ["{ sessionToken }: Pick<Caller, 'sessionToken'>", '{ session, sessionToken }: Caller'],
          ['sessionToken === null ? null', 'sessionToken === null || session === null ? null'],
        ],
        tests: [flows('log-out/log-out-user.pg.test.ts'), flows('sessions/resolve-session.pg.test.ts')],
      },
      {
        name: 'a disabled user keeps the session',
        file: flows('sessions/living-session.ts'),
        edits: [['(u.disabled_at is null and ', '(']],
        tests: [flows('sessions/resolve-session.pg.test.ts')],
      },
      {
        name: 'the browser of a session that was ended stays trusted and known',
        file: flows('sessions/revoke-user-sessions.ts'),
        edits: [['  await forgetBrowser(tx, userId, ended.browserHash)\n', '']],
        tests: [flows('sessions/user-sessions.pg.test.ts')],
      },
      {
        name: 'a change of the password leaves other browsers known',
        file: flows('settings/put-password.ts'),
        edits: [['  await forgetOtherBrowsers(tx, caller, userId)\n', '']],
        tests: [flows('settings/passwords.pg.test.ts')],
      },
    ],
  },
  {
    row: 15,
    control: 'What cannot be decided is denied',
    mutants: [
      {
        name: 'without a database nothing is limited',
        file: flows('limits/charge-limits.ts'),
        edits: [
          [
            'statement<ChargedRow>(runtime, chargeQuery(runtime, wanted))',
            'statement<ChargedRow>(runtime, chargeQuery(runtime, wanted)).catch(() => [])',
          ],
          ['if (row && !denied) return { ok: true }', 'if (!row || !denied) return { ok: true }'],
        ],
        tests: [flows('limits/charge-limits.pg.test.ts')],
      },
      {
        name: 'a flood of mails keeps the owner out after “This wasn’t me”',
        file: flows('sessions/known-browsers.ts'),
        edits: [
          [
            '  if (caller.browserToken === null) return\n',
            '  if (caller.browserToken !== undefined) return\n',
          ],
        ],
        tests: [flows('not-me/secure-user.pg.test.ts')],
      },
      {
        name: 'the journal of the generator leads wherever it says',
        file: 'generators/src/inner-path.ts',
        edits: [['const name = nameOnDisk(part)', 'const name = part']],
        tests: ['generators/src/plan/outside-paths.test.ts'],
      },
      {
        name: 'the generator writes through a linked folder',
        file: 'generators/src/plan/host-files.ts',
        edits: [['if (realFolder !== realRoot && !', 'if (realFolder === null && !']],
        tests: ['generators/src/plan/outside-paths.test.ts'],
      },
      {
        name: 'the generator moves into place whatever lies where it staged',
        file: 'generators/src/plan/journal.ts',
        edits: [['    await refuseForeign(root, staged, step.after)\n', '']],
        tests: ['generators/src/plan/outside-paths.test.ts'],
      },
    ],
  },
]

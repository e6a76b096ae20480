// One switch-off, or several, for each fixed decision of the security design: what is changed in which file, and the
// test files that must go red then. An edit is [the text that is there exactly once, what stands in its place].

const core = (file) => `packages/core/src/${file}`
const flows = (file) => `packages/mikro-orm/src/${file}`
const worker = (file) => `packages/worker/src/${file}`
const edge = (file) => `packages/remix/src/${file}`

export const controls = [
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
          [
            'const drafted = await draftMail(runtime, payload)\n',
            'const drafted = await draftMail(runtime, payload)\n  const admission = await delivery.admit(payload)\n',
          ],
          ['  const admission = await delivery.admit(payload)\n  if', '  if'],
        ],
        tests: [worker('backlog.pg.test.ts')],
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
        edits: [['and (last_step is null or last_step < ${step})', 'and ${step}::int is not null']],
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
        file: flows('passkeys/remove-user-passkey.ts'),
        edits: [['(u.hashed_password is not null', '(true']],
        tests: [flows('passkeys/manage-passkeys.pg.test.ts')],
      },
    ],
  },
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
        edits: [['if (isOpened) keep(', 'keep(']],
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
        edits: [['  forgetFlows(edge, state, isSamePerson)\n', '']],
        tests: [edge('mail-flow.pg.test.ts'), edge('state-cookies.test.ts')],
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
          ["{ sessionToken }: Pick<FlowContext, 'sessionToken'>", '{ session, sessionToken }: FlowContext'],
          ['sessionToken === null ? null', 'sessionToken === null || session === null ? null'],
        ],
        tests: [flows('log-out/log-out-user.pg.test.ts'), flows('sessions/resolve-session.pg.test.ts')],
      },
      {
        name: 'a disabled user keeps the session',
        file: flows('sessions/living-session.ts'),
        edits: [['sql`u.disabled_at is null`', 'sql`true`']],
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
        edits: [['  await forgetOtherBrowsers(tx, ctx, userId)\n', '']],
        tests: [flows('settings/passwords.pg.test.ts')],
      },
    ],
  },
  {
    row: 7,
    control: 'Nothing unsafe from another origin is read',
    mutants: [
      {
        name: 'cross-site requests are judged by Origin alone',
        file: edge('origin/check-origin.ts'),
        edits: [["if (secFetchSite === 'cross-site') return 'cross-site'", 'if (false) return null']],
        tests: [edge('origin/check-origin.test.ts')],
      },
      {
        name: 'a request that tells nothing about its origin passes with our cookie',
        file: edge('origin/check-origin.ts'),
        edits: [["return question.hasOurCookie ? 'no-origin' : null", 'return null']],
        tests: [edge('origin/check-origin.test.ts')],
      },
    ],
  },
  {
    row: 8,
    control: 'Origin and client address come from the configuration and the socket',
    mutants: [
      {
        name: 'every entry of X-Forwarded-For is believed',
        file: edge('request/client-address.ts'),
        edits: [['trustedProxies + 1,', '99,']],
        tests: [edge('request/client-address.test.ts')],
      },
      {
        name: 'a site of 65,536 networks has as many limits',
        file: flows('limits/client-charges.ts'),
        edits: [
          [
            'if (site === null) return [network]',
            'if (site !== null) return [network]\n  if (site === null) return [network]',
          ],
        ],
        tests: [flows('limits/client-networks.pg.test.ts')],
      },
      {
        name: 'the Host header names the app',
        file: edge('express/pin-request-url.ts'),
        edits: [['  req.headers.host = origin.host\n', '']],
        tests: [edge('express/sigra-express.test.ts')],
      },
    ],
  },
  {
    row: 9,
    control: 'redirectTo stays on our origin, and off our own routes',
    mutants: [
      {
        name: 'a path that a browser reads as a host is followed',
        file: core('redirect.ts'),
        edits: [["if (target.pathname.startsWith('//')) return null", 'if (false) return null']],
        tests: [core('redirect.test.ts')],
      },
      {
        name: 'somebody is sent to log-out after signing in',
        file: core('redirect.ts'),
        edits: [['if (isRefused(target.pathname, options.refusedPrefixes)) return null', '']],
        tests: [core('redirect.test.ts')],
      },
    ],
  },
  {
    row: 10,
    control: 'Security headers on every answer, and nothing personal is kept',
    mutants: [
      {
        name: 'pages may be framed',
        file: edge('headers/content-security-policy.ts'),
        edits: [["'frame-ancestors': [\"'none'\"],", '']],
        tests: [edge('headers/security-headers.test.ts')],
      },
      {
        name: 'a page of ours is shown under the policy of the host’s page before it, which only watches',
        file: edge('react-router/sigra-middleware.ts'),
        edits: [['if (page !== null)', 'if (page === null && page !== null)']],
        tests: [edge('request/document-border.test.ts')],
      },
      {
        name: 'types are guessed',
        file: edge('headers/security-headers.ts'),
        edits: [["'X-Content-Type-Options': 'nosniff',", '']],
        tests: [edge('headers/security-headers.test.ts')],
      },
      {
        name: 'what is somebody’s own may be cached',
        file: edge('request/answer-headers.ts'),
        edits: [
          [
            'return state.jar.isUsed || (state.isSessionAsked && state.cookies.values.session !== null)',
            'return false',
          ],
        ],
        tests: [edge('answers.pg.test.ts'), edge('wrap-handler.test.ts')],
      },
    ],
  },
  {
    row: 11,
    control: 'The first proof of an address wipes what was attached to it unproven',
    mutants: [
      {
        name: 'a stranger’s password survives a magic link',
        file: flows('magic-link/sign-in-by-mail.ts'),
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
          ['sql`u.registration_browser_hash = ${browserHashOf(ctx)}`', 'sql`true`'],
        ],
        tests: [flows('confirm/confirm-user.pg.test.ts')],
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
        edits: [['const here = held ?? whoCame(ctx)', 'const here = held']],
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
        tests: [core('password-hasher.test.ts'), flows('log-in/log-in-user.pg.test.ts')],
      },
      {
        name: 'a stronger hash that the host refuses keeps its owner out',
        file: flows('database/on-the-side.ts'),
        edits: [['    if (error instanceof DatabaseUnavailable) throw error\n', '    throw error\n']],
        tests: [flows('log-in/log-in-user.pg.test.ts')],
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
          ['  if (ctx.browserToken === null) return\n', '  if (ctx.browserToken !== undefined) return\n'],
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
  {
    row: 16,
    control: 'Forms: listed fields, each once, no files, a bounded body',
    mutants: [
      {
        name: 'of two fields of a name one is taken',
        file: edge('forms/form-entries.ts'),
        edits: [['if (values.has(name) || problems.has(name)) {', 'if (false) {']],
        tests: [edge('forms/parse-form.test.ts')],
      },
      {
        name: 'a body has no end',
        file: edge('body/receive-body.ts'),
        edits: [["if (length > maxBytes) return 'too-large'", '']],
        tests: [edge('forms/parse-form.test.ts')],
      },
    ],
  },
  {
    row: 17,
    control: 'A production start refuses samples, demo users and what is missing',
    mutants: [
      {
        name: 'a sample secret will do',
        file: core('key-ring.ts'),
        edits: [['if (options.production) entries.forEach(refuseSample)', '']],
        tests: [core('key-ring.test.ts')],
      },
      {
        name: 'demo users may be there',
        file: flows('start/check-start.ts'),
        edits: [['if (!row?.hasSeedUsers) return', 'return']],
        tests: [flows('start/check-start.pg.test.ts')],
      },
      {
        name: 'passkeys may be made for a domain that is not ours',
        file: flows('runtime.ts'),
        edits: [['  checkRpId(party.rpId, party.origin)\n', '']],
        tests: [flows('runtime.test.ts')],
      },
      {
        name: 'any number will do for a setting',
        file: flows('policy-setting.ts'),
        edits: [[' && means(value) && value >= from && value <= to', ' && means(value)']],
        tests: [flows('policy.test.ts')],
      },
      {
        name: 'production takes the weak policy of tests',
        file: flows('runtime.ts'),
        edits: [['if (dangerouslyWeak && production) {', 'if (false) {']],
        tests: [edge('options.test.ts')],
      },
      {
        name: 'what is allowed and weak is not named',
        file: flows('runtime.ts'),
        edits: [['for (const deviation of listDeviations(policy))', 'for (const deviation of [])']],
        tests: [edge('options.test.ts')],
      },
      {
        name: 'our own pages may be listed as exempt from the origin check',
        file: edge('origin/open-origins.ts'),
        edits: [['if (ownRoutes.has(routed)) {', 'if (false) {']],
        tests: [edge('options.test.ts')],
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
        name: 'what acts for a session does not ask whether it may',
        file: flows('sessions/continue-session.ts'),
        edits: [['const own = await continueSession(tx, session)', 'const own = session']],
        tests: [flows('flows/held-requests.pg.test.ts')],
      },
      {
        name: 'the session of a disabled user goes on',
        file: flows('sessions/continue-session.ts'),
        edits: [['and ${isEnabled} for no key update', 'for no key update']],
        tests: [flows('flows/held-requests.pg.test.ts')],
      },
      {
        name: 'a sign-in and a log-out end a session that goes by another token',
        file: flows('sessions/browser-session.ts'),
        edits: [
          ["{ sessionToken }: Pick<FlowContext, 'sessionToken'>", '{ session, sessionToken }: FlowContext'],
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
    ],
  },
  {
    row: 19,
    control: 'No bucket or counter that strangers can fill decides alone for the owner',
    mutants: [
      {
        name: 'strangers who asked for codes take from the owner’s ten an hour',
        file: flows('tokens/reserve-code-try.ts'),
        edits: [
          [
            'case when code.is_known then ${keys.known} else ${keys.unknown} end::varchar',
            '${keys.known}::varchar',
          ],
        ],
        tests: [flows('tokens/code-budgets.pg.test.ts')],
      },
      {
        name: 'what one network is refused is taken from its neighbours',
        file: flows('limits/charge-limits.ts'),
        edits: [
          [
            '= (select count(*) from wanted where n < ${n}::int)',
            '<= (select count(*) from wanted where n < ${n}::int)',
          ],
        ],
        tests: [flows('limits/charge-limits.pg.test.ts'), flows('limits/client-networks.pg.test.ts')],
      },
      {
        name: 'neighbours in a /48 keep known browsers out',
        file: flows('limits/charge-limits.ts'),
        edits: [
          [
            'if (!known) return sql`false`',
            'if (known !== undefined) return sql`false`\n  if (!known) return sql`false`',
          ],
        ],
        tests: [flows('limits/client-networks.pg.test.ts')],
      },
      {
        name: 'wrong codes of strangers turn codes off for the owner',
        file: flows('tokens/reserve-code-try.ts'),
        edits: [
          [
            'case when code.is_known then u.failed_code_count else u.unknown_failed_code_count end\n      for',
            'greatest(u.failed_code_count, u.unknown_failed_code_count)\n      for',
          ],
        ],
        tests: [flows('tokens/code-budgets.pg.test.ts')],
      },
      {
        name: 'the newest code of anybody ends the owner’s',
        file: flows('tokens/reserve-code-try.ts'),
        edits: [['l.context = ${purpose} and l.browser_hash = ${browserHash})', 'l.context = ${purpose})']],
        tests: [flows('tokens/code-budgets.pg.test.ts')],
      },
      {
        name: 'a link that anybody asks for ends the owner’s',
        file: flows('tokens/insert-requested-tokens.ts'),
        edits: [['over (partition by x.n, x.browser_hash)', 'over (partition by x.n)']],
        tests: [flows('mail/flooded-owner.pg.test.ts')],
      },
      {
        name: 'all browsers without an id are one',
        file: flows('tokens/insert-requested-tokens.ts'),
        edits: [['x.browser_hash is not null\n          and x.requested_at', 'x.requested_at']],
        tests: [flows('mail/flooded-owner.pg.test.ts')],
      },
      {
        name: 'links of strangers push out those of browsers the account knows',
        file: flows('tokens/insert-requested-tokens.ts'),
        edits: [['order by j.is_familiar desc, j.requested_at', 'order by j.requested_at']],
        tests: [flows('mail/flooded-owner.pg.test.ts')],
      },
      {
        name: 'any number of links lives',
        file: flows('tokens/insert-requested-tokens.ts'),
        edits: [['where place > ${tx.runtime.policy.mailedLinks.maxLiving}', 'where place > 1000']],
        tests: [flows('mail/flooded-owner.pg.test.ts')],
      },
      {
        name: 'a browser the account knows has no mails of its own',
        file: flows('mail/charge-recipients.ts'),
        edits: [['knownBrowser, sql`w.is_familiar`', 'knownBrowser, sql`false`']],
        tests: [flows('mail/flooded-owner.pg.test.ts')],
      },
      {
        name: 'a flood silences its owner',
        file: flows('mail/charge-recipients.ts'),
        edits: [["trickle, sql`not (${gotFrom('own')} or ${gotFrom('mailbox')})`", 'trickle, sql`false`']],
        tests: [flows('mail/flooded-owner.pg.test.ts')],
      },
      {
        name: 'one kind of mail uses up what trickles of all',
        file: flows('mail/charge-recipients.ts'),
        edits: [['`${mail.kind} ${mailbox}`', 'mailbox']],
        tests: [flows('mail/flooded-owner.pg.test.ts')],
      },
    ],
  },
  {
    row: 21,
    control: 'What was not looked at was not wrong, and what was right was no guess',
    mutants: [
      {
        name: 'what nobody looked at stays taken',
        file: flows('limits/guess.ts'),
        edits: [['if (!isWrong) for', 'if (isWrong && !isWrong) for']],
        tests: [flows('limits/guesses.pg.test.ts')],
      },
      {
        name: 'a code of the app stays counted when the database goes away',
        file: flows('second-factor/apply-code.ts'),
        edits: [
          [
            'reserveTry(runtime, tx.rows, session, typed)',
            'reserveTry(runtime, (query) => statement(runtime, query), session, typed)',
          ],
        ],
        tests: [flows('limits/guesses.pg.test.ts')],
      },
      {
        name: 'a refund that cannot be written is lost',
        file: flows('limits/refunds.ts'),
        edits: [['        keep(refund)\n', '        void refund\n']],
        tests: [flows('limits/refunds.test.ts'), flows('limits/guesses.pg.test.ts')],
      },
      {
        name: 'the right password at the step-up stays a try',
        file: flows('limits/charge-limits.ts'),
        edits: [['  guess?.take(bucketRefund(runtime, charge))\n', '']],
        tests: [flows('limits/guesses.pg.test.ts')],
      },
      {
        name: 'a mailed link is used without a limit',
        file: flows('limits/charge-mailed-link.ts'),
        edits: [
          [
            "const charged = await chargeLimits(runtime, clientCharges(ctx, 'mailed-link.client', bucket, null), ctx)",
            'const charged = { ok: true } as const',
          ],
        ],
        tests: [flows('testing/flow-charges.pg.test.ts')],
      },
      {
        name: 'a password is looked at before registering is limited',
        file: flows('register/register-user.ts'),
        edits: [
          [
            '    const charged = await chargeRegistration(runtime, ctx, email)\n    if (!charged.ok) return charged\n',
            '',
          ],
        ],
        tests: [flows('limits/guesses.pg.test.ts')],
      },
    ],
  },
]

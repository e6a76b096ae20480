// Who may have an address, what people accept, and what is handed out about them.

import type { Control } from './control.ts'
import { core, edge, flows } from './rooms.ts'

const admission = [flows('addresses/admit-address.pg.test.ts')]
const consent = [flows('consent/consent.pg.test.ts')]
const states = [flows('consent/consent-states.pg.test.ts')]
const scheduling = [flows('deletion/scheduling.pg.test.ts')]
const exported = [flows('export/export.pg.test.ts')]
const deletions = [flows('deletion/run-user-deletions.pg.test.ts')]
const hostRows = [flows('deletion/host-rows.pg.test.ts')]
const awaited = [edge('awaited-steps.pg.test.ts')]
const races = [flows('deletion/deletion-races.pg.test.ts')]

export const lifeCycle: readonly Control[] = [
  {
    row: 22,
    control: 'One function gives an address, under its lock, to nobody it is held from',
    mutants: [
      {
        name: 'the address is not locked before its holds are read',
        file: flows('addresses/admit-address.ts'),
        edits: [['  await lockAddresses(tx, [address])\n', '']],
        tests: admission,
      },
      {
        name: 'what is held for somebody else is given away',
        file: flows('addresses/admit-address.ts'),
        edits: [["if (isHeld) return { ok: false, reason: 'held' }", 'void isHeld']],
        tests: admission,
      },
      {
        name: 'an address held under a former key is given away',
        file: flows('addresses/admit-address.ts'),
        edits: [
          [
            'addressDigests(tx.runtime, address).map(',
            'addressDigests(tx.runtime, address).slice(0, 1).map(',
          ],
        ],
        tests: admission,
      },
      {
        name: 'a domain lets in what only ends like it',
        file: flows('addresses/admit-address.ts'),
        edits: [
          [
            "domains.includes(address.slice(address.lastIndexOf('@') + 1))",
            'domains.some((domain) => address.endsWith(domain))',
          ],
        ],
        tests: admission,
      },
      {
        name: 'a closed app lets people in by other ways than its form',
        file: flows('addresses/admit-address.ts'),
        edits: [["asked.mode && mode === 'closed'", 'asked.mode && mode.length === 0']],
        tests: admission,
      },
      {
        name: 'nobody needs an invitation',
        file: flows('addresses/admit-address.ts'),
        edits: [["mode === 'invited' && !isInvited", "mode === 'invited' && isInvited === null"]],
        tests: admission,
      },
      {
        name: 'registering asks whether it may, and registers whatever the answer is',
        file: flows('register/store-registration.ts'),
        edits: [
          ['const admitted = admission.ok ? admission.address : null', 'const admitted = email.canonical'],
        ],
        tests: [flows('register/who-may-register.pg.test.ts')],
      },
      {
        name: 'a change writes the address it was asked for, not the one that was admitted',
        file: flows('email-change/switch-address.ts'),
        edits: [
          [
            'email_canonical = ${admitted.address}, updated_at',
            'email_canonical = c.new_email_canonical, updated_at',
          ],
        ],
        tests: [flows('addresses/address-writes.test.ts')],
      },
      {
        name: 'a transaction sees what was there when it began, because the database says so',
        file: flows('database/transaction.ts'),
        edits: [['}, READ_COMMITTED)', '})']],
        tests: [flows('database/transaction.pg.test.ts')],
      },
      {
        name: 'a start does not look at the isolation of transactions',
        file: flows('start/check-start.ts'),
        edits: [["isolation !== 'read committed'", "isolation === ''"]],
        tests: [flows('start/check-start.pg.test.ts')],
      },
    ],
  },
  {
    row: 22,
    control: 'Consent is to the version that was shown, of every document, by the person',
    mutants: [
      {
        name: 'the door asks nobody for consent',
        file: flows('door/next-step.ts'),
        edits: [['applies: sql`must_consent`', 'applies: sql`must_consent and false`']],
        tests: [...consent, ...states],
      },
      {
        name: 'an older version that another tab still shows counts for the newest',
        file: flows('consent/posted-documents.ts'),
        edits: [
          [
            'keys.includes(documentKey(document))',
            "keys.some((key) => key.split(':')[0] === documentKey(document).split(':')[0])",
          ],
        ],
        tests: consent,
      },
      {
        name: 'one accepted document lets in where two are asked for',
        file: flows('consent/accept-user-documents.ts'),
        edits: [
          [
            '.some((document) => !accepted.includes(document))',
            '.every((document) => !accepted.includes(document))',
          ],
        ],
        tests: consent,
      },
      {
        name: 'a live session does not meet a new version of a required document',
        file: flows('sessions/resolve-session.ts'),
        edits: [
          ['(s.awaiting is null and ${lacks}) as "mustConsent"', '(${lacks} and false) as "mustConsent"'],
        ],
        tests: consent,
      },
      {
        name: 'a live session that must consent goes on as any other',
        file: flows('sessions/session.ts'),
        edits: [
          [
            "return awaiting ?? (mustConsent ? 'consent' : null)",
            'return awaiting ?? (mustConsent ? null : null)',
          ],
        ],
        tests: [...states, ...awaited],
      },
      {
        name: 'what a stranger accepted while registering somebody else’s address counts for its owner',
        file: flows('consent/record-consents.ts'),
        edits: [['where user_id = ${userId}`)\n}', 'where user_id = ${userId} and false`)\n}']],
        tests: consent,
      },
      {
        name: 'what was accepted is not in the audit log',
        file: flows('consent/record-consents.ts'),
        edits: [['if (written.length === 0) return', 'if (written.length >= 0) return']],
        tests: consent,
      },
      {
        name: 'accepting makes a sudo fresh that has aged on the page',
        file: flows('door/proof.ts'),
        edits: [['factor === null ? own.authenticatedAt : null', 'null']],
        tests: states,
      },
    ],
  },
  {
    row: 22,
    control: 'An export is the owner’s, said before it begins, complete, and without a secret',
    mutants: [
      {
        name: 'whoever finds the browser open takes the file along',
        file: flows('export/export-user-data.ts'),
        edits: [["sudo: 'export-data'", 'sudo: false']],
        tests: exported,
      },
      {
        name: 'the owner is not told',
        file: flows('export/export-user-data.ts'),
        edits: [["        await notifyOwner(tx, userId, 'dataExported', eventId)\n", '']],
        tests: exported,
      },
      {
        name: 'nobody counts how often',
        file: flows('export/export-user-data.ts'),
        edits: [['if (limited !== null) {', 'if (limited === undefined) {']],
        tests: exported,
      },
      {
        name: 'a place is not given back by whoever leaves',
        file: flows('export/export-user-data.ts'),
        edits: [['    async stop() {\n      giveBack()\n', '    async stop() {\n']],
        tests: exported,
      },
      {
        name: 'it never takes too long',
        file: flows('export/export-user-data.ts'),
        edits: [['performance.now() > end', 'performance.now() > end + 1e9']],
        tests: exported,
      },
      {
        name: 'it has what others did',
        file: flows('export/export-sections.ts'),
        edits: [['e.subject_id = ${userId}::text', 'e.subject_id is not null']],
        tests: exported,
      },
      {
        name: 'it has sessions of others',
        file: flows('export/export-sections.ts'),
        edits: [['where s.user_id = ${userId} and', 'where s.user_id is not null and']],
        tests: exported,
      },
      {
        name: 'it has the hash of the password',
        file: flows('export/export-sections.ts'),
        edits: [['u.hashed_password is not null,', 'u.hashed_password,']],
        tests: exported,
      },
      {
        name: 'it grows by what is written while it is read',
        file: flows('export/export-sections.ts'),
        edits: [[' and e.occurred_at <= ${until}::timestamptz', '']],
        tests: exported,
      },
      {
        name: 'it has rows of others of the host’s tables',
        file: flows('export/host-sections.ts'),
        edits: [['where: { [owner]: { $in: [...ids] } }', 'where: {}']],
        tests: [flows('export/host-sections.pg.test.ts')],
      },
      {
        name: 'a filter of the host’s hides what is kept',
        file: flows('export/host-sections.ts'),
        edits: [['      filters: false,\n', '']],
        tests: [flows('export/host-sections.pg.test.ts')],
      },
      {
        name: 'nobody notices a column of the host’s that is in no export',
        file: flows('account-data/list-undeclared.ts'),
        edits: [['return [...columns, ...relations]', 'return relations']],
        tests: [flows('account-data/account-data.test.ts')],
      },
      {
        name: 'a slow reader is read ahead for',
        file: edge('export-answer.ts'),
        edits: [['highWaterMark: 0', 'highWaterMark: 1e9']],
        tests: [edge('export-answer.pg.test.ts')],
      },
      {
        name: 'nobody hears of a browser that left half-way',
        file: edge('export-answer.ts'),
        edits: [['cancel: () => pieces.stop()', 'cancel: () => undefined']],
        tests: [edge('export-answer.pg.test.ts')],
      },
    ],
  },
  {
    row: 22,
    control:
      'A deletion is asked for by the owner alone, and taken back by nobody else, as long as it lies ahead',
    mutants: [
      {
        name: 'whoever finds the browser open has the account deleted',
        file: flows('deletion/schedule-user-deletion.ts'),
        edits: [["sudo: 'delete-account'", 'sudo: false']],
        tests: scheduling,
      },
      {
        name: 'whoever acts as somebody else has their account deleted',
        file: flows('deletion/schedule-user-deletion.ts'),
        edits: [["impersonation: 'refused'", "impersonation: 'allowed'"]],
        tests: scheduling,
      },
      {
        name: 'any address is typed for that of the account',
        file: flows('deletion/schedule-user-deletion.ts'),
        edits: [['u.email_canonical = ${address} and', '${address}::text is not null and']],
        tests: scheduling,
      },
      {
        name: 'what an area has to say is not heard',
        file: flows('deletion/schedule-user-deletion.ts'),
        edits: [['if (blockers.length > 0)', 'if (blockers.length < 0)']],
        tests: scheduling,
      },
      {
        name: 'whoever is logged in elsewhere stays in the list of sessions',
        file: flows('deletion/schedule-user-deletion.ts'),
        edits: [['await deleteSessions(tx, userId)', '0']],
        tests: scheduling,
      },
      {
        name: 'the door lets in whose deletion lies ahead',
        file: flows('door/next-step.ts'),
        edits: [
          ['applies: sql`delete_after is not null`', 'applies: sql`delete_after is not null and false`'],
        ],
        tests: [...scheduling, ...awaited],
      },
      {
        name: 'whoever is on the way out still lets people in by invitations',
        file: flows('deletion/schedule-user-deletion.ts'),
        edits: [['  await runOnDeletionScheduled(tx, { userId, address })\n', '']],
        tests: [flows('organizations/deleted-members.pg.test.ts')],
      },
      {
        name: 'a deletion that was written past every flow leaves people logged in',
        file: flows('sessions/living-session.ts'),
        edits: [['(u.delete_after is null or ${awaiting} is not null)', '(true or ${awaiting} is not null)']],
        tests: awaited,
      },
      {
        name: 'a sign-in that waits is somebody to pages that anybody may see',
        file: edge('guards.ts'),
        edits: [['session !== null && stepOf(session) === null ? session : null', 'session']],
        tests: awaited,
      },
      {
        name: 'a sign-in that waits is let in by guards',
        file: edge('guards.ts'),
        edits: [
          [
            'if (session === null || stepOf(session) !== null) {',
            'if (session === null || stepOf(session) === undefined) {',
          ],
        ],
        tests: awaited,
      },
      {
        name: 'a thief’s deletion keeps what they added before it',
        file: flows('deletion/schedule-user-deletion.ts'),
        edits: [['iso(suspectFrom(authenticatedAt, sql`t.now`))', 'iso(sql`t.now`)']],
        tests: scheduling,
      },
      {
        name: 'a thief who takes their own deletion back keeps what they added before it',
        file: flows('email-change/undoable-change.ts'),
        edits: [['then ${suspectIn(sql`e`)} end', 'then null::timestamptz end']],
        tests: scheduling,
      },
      {
        name: 'the long link of a deletion that was taken back removes what no other notice could',
        file: flows('email-change/undoable-change.ts'),
        edits: [
          [
            "\n    and e.occurred_at > ${now} - ${policy.notMe.linkDays} * interval '1 day' then",
            '\n    and ${policy.notMe.linkDays} > 0 and ${now} is not null then',
          ],
        ],
        tests: scheduling,
      },
      {
        name: 'the link that ends a deletion is dead before it',
        file: flows('mail/admit-notice.ts'),
        edits: [["kind === 'deletionScheduled' || ", '']],
        tests: scheduling,
      },
      {
        name: 'an account is gone before its change of address can be undone',
        file: flows('deletion/due-at.ts'),
        edits: [['select max(c.undo_until)', 'select max(null::timestamptz)']],
        tests: scheduling,
      },
      {
        name: 'an account that nobody wants deleted is said to be kept',
        file: flows('deletion/keep-account.ts'),
        edits: [['u.delete_after is not null and ', '']],
        tests: scheduling,
      },
      {
        name: 'a deletion is taken back before the second step',
        file: flows('deletion/cancel-user-deletion.ts'),
        edits: [["session?.awaiting !== 'reactivation'", 'session === null']],
        tests: scheduling,
      },
    ],
  },
  {
    row: 22,
    control: 'A deletion is whole, happens once, and leaves nothing of the person',
    mutants: [
      {
        name: 'whoever has just come back is deleted all the same',
        file: flows('deletion/run-user-deletions.ts'),
        edits: [
          [
            '      and u.delete_after <= ${tx.now} and u.deleted_at is null\n    for update skip locked`',
            '`',
          ],
        ],
        tests: races,
      },
      {
        name: 'the run waits for whoever is at work with an account',
        file: flows('deletion/run-user-deletions.ts'),
        edits: [['    for update skip locked`', '    for update`']],
        tests: [flows('deletion/run-user-deletions.pg.test.ts')],
      },
      {
        name: 'who says “This wasn’t me” in time is secured, and deleted all the same',
        file: flows('deletion/keep-account.ts'),
        edits: [['u.deleted_at is null', 'u.deleted_at is null and u.delete_after > ${tx.now}']],
        tests: races,
      },
      {
        name: 'a connection that is cut in a transaction never comes back to the pool',
        file: flows('database/transaction.ts'),
        edits: [['      await giveBackWhenCut(em)\n', '']],
        tests: [flows('database/cut-connections.pg.test.ts')],
      },
      {
        name: 'an address that somebody is at work with is freed meanwhile',
        file: flows('deletion/run-user-deletions.ts'),
        edits: [['  if (!(await tryLockAddresses(tx, [user.address]))) return false\n', '']],
        tests: deletions,
      },
      {
        name: 'sessions outlive their account',
        file: flows('deletion/erase-rows.ts'),
        edits: [['const always = [\n    userSession,\n', 'const always = [\n']],
        tests: deletions,
      },
      {
        name: 'what areas keep outlives the account',
        file: flows('deletion/erase-user.ts'),
        edits: [
          [
            '  await runOnErased(tx, { userId: id, address, record: (line) => recordAreaLine(tx, BY_THE_RUN, line, null) })\n',
            '',
          ],
        ],
        tests: deletions,
      },
      {
        name: 'emails to somebody who is deleted stay in the queue',
        file: flows('deletion/erase-user.ts'),
        edits: [['  await removeQueuedMails(tx, id)\n', '']],
        tests: deletions,
      },
      {
        name: 'a deletion takes emails of others along, to whose address the account had asked to change',
        file: flows('deletion/remove-queued-mails.ts'),
        edits: [['o.id <> ${userId}', 'false and o.id <> ${userId}']],
        tests: deletions,
      },
      {
        name: 'nothing holds the address of a deleted account',
        file: flows('deletion/erase-user.ts'),
        edits: [['holdAddressDays > 0', 'holdAddressDays > 1e6']],
        tests: deletions,
      },
      {
        name: 'the address of a deleted account can be registered',
        file: core('email.ts'),
        edits: [[' && ascii !== DELETED_DOMAIN', '']],
        tests: [...deletions, core('email.test.ts')],
      },
      {
        name: 'rows that a filter of the app’s hides outlive the account',
        file: flows('deletion/erase-host-rows.ts'),
        edits: [['nativeDelete(entity, theirs, { filters: false })', 'nativeDelete(entity, theirs)']],
        tests: hostRows,
      },
      {
        name: 'links of many-to-many relations outlive the account',
        file: flows('deletion/erase-host-rows.ts'),
        edits: [['listUserLinks(orm, entities)', 'listUserLinks(orm, entities).slice(0, 0)']],
        tests: hostRows,
      },
      {
        name: 'an account that a table refuses is tried over and over',
        file: flows('deletion/delete-each-due.ts'),
        edits: [['const RETRY_HOURS = 1', 'const RETRY_HOURS = 0']],
        tests: hostRows,
      },
      {
        name: 'one account that cannot be deleted stops the run for all',
        file: flows('deletion/erase-host-rows.ts'),
        edits: [["throw new HostRefused('inTransaction', { cause: error })", 'throw error']],
        tests: hostRows,
      },
      {
        name: 'somebody is reminded once by each worker',
        file: flows('deletion/remind-of-user-deletions.ts'),
        edits: [[' for update skip locked', '']],
        tests: [flows('deletion/deletion-mails.pg.test.ts')],
      },
      {
        name: 'the link of a reminder is dead before the deletion',
        file: flows('mail/admit-notice.ts'),
        edits: [[" || mail.kind === 'deletionReminder'", '']],
        tests: [flows('deletion/deletion-mails.pg.test.ts')],
      },
      {
        name: 'the last email says who has the address by now',
        file: flows('mail/draft-mail.ts'),
        edits: [
          [
            "    if (mail.kind === 'accountDeleted') return { draft: draftFarewell(runtime, mail) }",
            "    if (mail.kind === 'accountDeleted')\n      return { draft: { ...draftFarewell(runtime, mail), props: { appName: runtime.appName, ...reader, deletedAt: new Date(mail.deletedAt) } } }",
          ],
        ],
        tests: [flows('deletion/deletion-mails.pg.test.ts')],
      },
      {
        name: 'strangers whose address was typed are told of a deletion',
        file: flows('deletion/say-farewell.ts'),
        edits: [[' and u.confirmed_at is not null', '']],
        tests: [flows('deletion/deletion-mails.pg.test.ts')],
      },
      {
        name: 'what refused is not in the audit log',
        file: flows('deletion/refusal.ts'),
        edits: [
          [
            'return { reason: code ?? error.name, table }',
            'return { reason: code ?? error.name, table: null }',
          ],
        ],
        tests: hostRows,
      },
    ],
  },
]

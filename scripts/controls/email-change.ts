// Whose an address is while it changes, and how a change that was a theft is undone.

import type { Control } from './control.ts'
import { flows } from './rooms.ts'

const change = [flows('email-change/change-email.pg.test.ts')]
const undo = [flows('email-change/undo-address.pg.test.ts')]
const races = [flows('email-change/change-races.pg.test.ts')]

export const emailChange: readonly Control[] = [
  {
    row: 22,
    control: 'An address changes by its owner alone, proven in the new mailbox, once',
    mutants: [
      {
        name: 'an open screen is enough to ask for another address',
        file: flows('email-change/deliver-user-update-email-instructions.ts'),
        edits: [["sudo: 'change-email'", 'sudo: false']],
        tests: change,
      },
      {
        name: 'an address nobody proved gets a way to undo things',
        file: flows('email-change/deliver-user-update-email-instructions.ts'),
        edits: [['session.user.confirmedAt === null', 'session.user.email === null']],
        tests: change,
      },
      {
        name: 'whoever clicks a stranger’s link uses it up',
        file: flows('email-change/update-user-email.ts'),
        edits: [
          [
            "'link', sql`u.id = ${userId}`)",
            "'link', sql`u.id is distinct from null and ${userId}::text <> ''`)",
          ],
        ],
        tests: change,
      },
      {
        name: 'an address outside of the domains is taken at the end',
        file: flows('addresses/admit-address.ts'),
        edits: [['change: { mode: false, domain: true }', 'change: { mode: false, domain: false }']],
        tests: change,
      },
      {
        name: 'the old mailbox need not approve what was asked for under an easier policy',
        file: flows('email-change/switch-address.ts'),
        edits: [
          [
            'if (!(await isApproved(tx, change)))',
            'if (!(await isApproved(tx, change)) && tx.runtime.production)',
          ],
        ],
        tests: change,
      },
      {
        name: 'what was asked for before goes on beside the newest',
        file: flows('email-change/pending-change.ts'),
        edits: [['  await cancelChange(tx, userId)\n', '']],
        tests: change,
      },
      {
        name: 'other sessions go on under the new address',
        file: flows('email-change/update-user-email.ts'),
        edits: [['await endOtherSessions(tx, own)', '0']],
        tests: change,
      },
      {
        name: 'links that the old mailbox has stay good',
        file: flows('email-change/update-user-email.ts'),
        edits: [['  await supersedeTokens(tx, userId)\n', '']],
        tests: change,
      },
      {
        name: 'asking takes longer for an address that somebody has',
        file: flows('email-change/deliver-user-update-email-instructions.ts'),
        edits: [
          [
            '  await sendChange(tx, caller, {',
            '  const theirs = await tx.rows(sql`select from ${tx.tables.user.name} where email_canonical = ${email.canonical}`)\n  if (theirs.length > 0) await tx.rows(sql`select 1`)\n  await sendChange(tx, caller, {',
          ],
        ],
        tests: change,
      },
      {
        name: 'nobody counts how often it is asked for',
        file: flows('email-change/deliver-user-update-email-instructions.ts'),
        edits: [['capacity: runtime.policy.emailChange.perDay', 'capacity: 1000']],
        tests: change,
      },
    ],
  },
  {
    row: 22,
    control: 'The old address is held, and gives the account back',
    mutants: [
      {
        name: 'the old address is free at once',
        file: flows('email-change/switch-address.ts'),
        edits: [
          [
            "  await holdAddress(tx, { address: change.former, reason: 'changed', until, userId })\n",
            '  void holdAddress\n',
          ],
        ],
        tests: races,
      },
      {
        name: 'an undo leaves the later changes as they are',
        file: flows('email-change/restore-address.ts'),
        edits: [['c.confirmed_at >= f.confirmed_at and ', 'c.id = f.id and ']],
        tests: races,
      },
      {
        name: 'an undo restores what a later change left',
        file: flows('email-change/restore-address.ts'),
        edits: [['if (sentTo === current)', 'if (sentTo !== current)']],
        tests: undo,
      },
      {
        name: 'a distrusted mailbox undoes the change',
        file: flows('email-change/switch-address.ts'),
        edits: [
          [
            'case when c.old_is_distrusted then null else ${until} end',
            'case when c.old_is_distrusted then ${until} else ${until} end',
          ],
        ],
        tests: undo,
      },
      {
        name: 'a password turns the undo off',
        file: flows('email-change/may-distrust-old.ts'),
        edits: [['  if (!isByFactor) return sql`false`\n', '']],
        tests: change,
      },
      {
        name: 'a factor that was just added turns the undo off',
        file: flows('email-change/may-distrust-old.ts'),
        edits: [['and ${addedAt} >= ${since})', 'and ${addedAt} >= ${since} and false)']],
        tests: change,
      },
      {
        name: 'what was added before the change stays',
        file: flows('email-change/undoable-change.ts'),
        edits: [['select min(c.suspect_since) from', 'select max(c.undo_until) from']],
        tests: undo,
      },
      {
        name: 'what the thief asked for goes on after “This wasn’t me”',
        file: flows('tokens/supersede-tokens.ts'),
        edits: [['${isAll} and c.confirmed_at is null', '${isAll} and false and c.confirmed_at is null']],
        tests: change,
      },
      {
        name: 'later notices do not reach the old mailbox',
        file: flows('mail/enqueue-mail.ts'),
        edits: [['of former) await', 'of former.slice(0, 0)) await']],
        tests: change,
      },
    ],
  },
]

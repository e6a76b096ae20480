// Buckets and counters, and what a try costs.

import type { Control } from './control.ts'
import { flows } from './rooms.ts'

export const limits: readonly Control[] = [
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
        edits: [['l.purpose = ${purpose} and l.browser_hash = ${browserHash})', 'l.purpose = ${purpose})']],
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
        edits: [['order by j.is_known desc, j.requested_at', 'order by j.requested_at']],
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
        edits: [['knownBrowser, sql`w.is_known`', 'knownBrowser, sql`false`']],
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
          ['    const reserved = await reserveTry(runtime, tx.rows, session, typed)\n', ''],
          [
            '  return inSessionTransaction<UsedCode<T>, UsedCode<T>>(',
            '  const reserved = await reserveTry(runtime, (query) => statement(runtime, query), session, typed)\n  return inSessionTransaction<UsedCode<T>, UsedCode<T>>(',
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
        file: flows('limits/charge-target.ts'),
        edits: [['  guess?.take(bucketRefund(runtime, charge))\n', '']],
        tests: [flows('limits/guesses.pg.test.ts')],
      },
      {
        name: 'a mailed link is used without a limit',
        file: flows('limits/charge-mailed-link.ts'),
        edits: [
          [
            "  const charged = await chargeLimits(\n    runtime,\n    clientCharges(caller, 'mailed-link.client', bucket, null),\n    caller,\n  )",
            '  const charged = { ok: true } as const',
          ],
        ],
        tests: [flows('testing/flow-charges.pg.test.ts')],
      },
      {
        name: 'a password is looked at before registering is limited',
        file: flows('register/register-user.ts'),
        edits: [
          [
            '    const charged = await chargeRegistration(runtime, caller, email)\n    if (!charged.ok) return charged\n',
            '',
          ],
        ],
        tests: [flows('limits/guesses.pg.test.ts')],
      },
    ],
  },
]

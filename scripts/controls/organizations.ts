// Who may do what in which organization.

import type { Control } from './control.ts'
import { core, edge, flows } from './rooms.ts'

const trigger = [flows('organizations/owner-trigger.pg.test.ts')]
const members = [flows('organizations/members.pg.test.ts')]
const organizations = [flows('organizations/organizations.pg.test.ts')]
const deleted = [flows('organizations/deleted-members.pg.test.ts')]
const data = [flows('organizations/organization-data.pg.test.ts')]
const deletion = [flows('organizations/organization-deletion.pg.test.ts')]
const rows = [flows('organizations/for-organization.pg.test.ts')]
const events = [flows('organizations/list-organization-events.pg.test.ts')]
const policy = [flows('organizations/policy-flows.pg.test.ts')]
const invitations = [flows('organizations/invitations.pg.test.ts')]
const secured = [flows('organizations/secured-members.pg.test.ts')]
const transfers = [flows('organizations/transfers.pg.test.ts')]
const invitationRaces = [flows('organizations/invitation-races.pg.test.ts')]
const invitationRows = [flows('organizations/invitation-rows.pg.test.ts')]
const registering = [flows('organizations/register-by-invitation.pg.test.ts')]
const domains = [flows('organizations/domains.pg.test.ts')]
const pages = [edge('organizations/organizations.pg.test.ts')]

export const inOrganizations: readonly Control[] = [
  {
    row: 23,
    control: 'An organization keeps an owner who can act as one',
    mutants: [
      {
        name: 'of two transactions at once neither waits for the other',
        file: flows('schema/organization-owner.ts'),
        edits: [
          [
            'update ${qualify(organizations)} set slug = slug where id = old.organization_id;',
            'perform 1 from ${qualify(organizations)} where id = old.organization_id;',
          ],
        ],
        tests: trigger,
      },
      {
        name: 'the second one waits, and counts what was there when it began',
        file: flows('schema/organization-owner.ts'),
        edits: [
          [
            'update ${qualify(organizations)} set slug = slug where id = old.organization_id;',
            'perform 1 from ${qualify(organizations)} where id = old.organization_id for update;',
          ],
        ],
        tests: trigger,
      },
      {
        name: 'somebody disabled, or to be deleted, is owner enough',
        file: flows('organizations/another-owner.ts'),
        edits: [['sql`(${isEnabled(now)} and u.delete_after is null)`', 'sql`(${now} is not null)`']],
        tests: members,
      },
      {
        name: 'the last owner leaves, until the trigger',
        file: flows('organizations/delete-membership.ts'),
        edits: [['and ${mayGiveUp(tx, area)}', 'and (${mayGiveUp(tx, area)} or true)']],
        tests: members,
      },
    ],
  },
  {
    row: 23,
    control: 'A deleted account leaves no organization without an owner, and none of its own',
    mutants: [
      {
        name: 'the only owner of an organization has their account deleted',
        file: flows('organizations/deleted-members.ts'),
        edits: [
          [
            "names.length === 0 ? [] : [{ reason: 'only-owner'",
            "names.length >= 0 ? [] : [{ reason: 'only-owner'",
          ],
        ],
        tests: deleted,
      },
      {
        name: 'nobody owns what a deleted account owned',
        file: flows('organizations/deleted-members.ts'),
        edits: [['      await promoteHeirs(tx, area, account, sql`true`)\n', '']],
        tests: deleted,
      },
      {
        name: 'an organization with nobody in it stays',
        file: flows('organizations/deleted-members.ts'),
        edits: [['      await deleteLonely(tx, area, account)\n', '']],
        tests: deleted,
      },
      {
        name: 'users are locked before their organizations',
        file: flows('deletion/run-user-deletions.ts'),
        edits: [['  await runBeforeErased(tx, { userId: user.id, address: user.address })\n', '']],
        tests: deleted,
      },
    ],
  },
  {
    row: 23,
    control: 'Nobody acts in an organization but by the role they have there at that moment',
    mutants: [
      {
        name: 'a member of any organization is one of every other',
        file: flows('organizations/acting-member.ts'),
        edits: [['where m.user_id = ${userId} and', 'where ${userId}::text is not null and']],
        tests: [...organizations, ...members],
      },
      {
        name: 'no role is asked',
        file: flows('organizations/acting-member.ts'),
        edits: [[').has(permission)) return forbidden', ').has(permission)) void forbidden']],
        tests: organizations,
      },
      {
        name: 'an organization that is to be deleted goes on',
        file: flows('organizations/acting-member.ts'),
        edits: [[': sql`o.delete_after is null`}', ': sql`true`}']],
        tests: organizations,
      },
      {
        name: 'whose role may everything makes owners',
        file: core('organizations/roles.ts'),
        edits: [
          [
            'if (role === owner) return actor === owner',
            'if (role === owner && actor === owner) return true',
          ],
        ],
        tests: [core('organizations/roles.test.ts')],
      },
      {
        name: 'members are given what the giver lacks',
        file: core('organizations/roles.ts'),
        edits: [['every((permission) => own.has(permission))', 'some((permission) => own.has(permission))']],
        tests: [core('organizations/roles.test.ts'), ...members],
      },
      {
        name: 'a member of another organization is removed by their id',
        file: flows('organizations/find-member.ts'),
        edits: [['and m.organization_id = ${organization.id}', 'and ${organization.id}::text is not null']],
        tests: members,
      },
      {
        name: 'a session left open makes an owner',
        file: flows('organizations/change-member-role.ts'),
        edits: [['if (role === roles.owner) requireFreshSudo', 'if (role === undefined) requireFreshSudo']],
        tests: members,
      },
    ],
  },
  {
    row: 23,
    control: 'The path of a page says which organization it is of, and tells strangers nothing',
    mutants: [
      {
        name: 'whoever is signed in is a member',
        file: flows('organizations/session-organization.ts'),
        edits: [['on m.user_id = u.id and ${isMeant(slug)}', 'on ${isMeant(slug)}']],
        tests: pages,
      },
      {
        name: 'pages of an organization that is to be deleted stay open',
        file: flows('organizations/session-organization.ts'),
        edits: [['on o.id = m.organization_id and o.delete_after is null)', 'on o.id = m.organization_id)']],
        tests: pages,
      },
      {
        name: 'a path that names nothing there could be shows the organization of the session',
        file: flows('organizations/session-organization.ts'),
        edits: [
          ['isOrganizationSlug(segment) ? segment : NO_SLUG', 'isOrganizationSlug(segment) ? segment : null'],
        ],
        tests: pages,
      },
      {
        name: 'a form does what it says to another organization than its page showed',
        file: edge('organizations/guards.ts'),
        edits: [['if (isOther) throw refusedBy(visit.state, 409)', 'void isOther']],
        tests: pages,
      },
      {
        name: 'every member may see every page',
        file: edge('organizations/guards.ts'),
        edits: [
          ['if (!scope.permissions.has(permission)) throw refusedBy(visit.state, 403)', 'void permission'],
        ],
        tests: pages,
      },
      {
        name: 'strangers learn what an organization is called now',
        file: flows('organizations/find-present-slug.ts'),
        edits: [['and m.user_id = ${userId}', 'and ${userId}::text is not null']],
        tests: pages,
      },
      {
        name: 'a former slug is given away at once',
        file: flows('organizations/insert-organization.ts'),
        edits: [['where x.former_until <= (select now from t)', 'where x.former_until is not null']],
        tests: organizations,
      },
    ],
  },
  {
    row: 23,
    control: 'The policy of an organization holds at the next request of every session',
    mutants: [
      {
        name: 'one factor is enough',
        file: flows('organizations/unmet-policy.ts'),
        edits: [['and s.aal < 2 then', 'and s.aal < 1 then']],
        tests: [...policy, ...pages],
      },
      {
        name: 'any method is',
        file: flows('organizations/unmet-policy.ts'),
        edits: [['not (s.amr && o.allowed_methods)', 's.amr && o.allowed_methods and false']],
        tests: [...policy, ...pages],
      },
      {
        name: 'a session is never too old',
        file: flows('organizations/unmet-policy.ts'),
        edits: [['case when ${isOld} then', 'case when ${isOld} and false then']],
        tests: [...policy, ...pages],
      },
      {
        name: 'pages of an organization open to whoever is a member',
        file: edge('organizations/guards.ts'),
        edits: [
          ['if (found.unmet.length > 0) throw sendToEnter(visit, found)', 'void sendToEnter'],
          ['principal === null || found.unmet.length > 0) return null', 'principal === null) return null'],
        ],
        tests: pages,
      },
      {
        name: 'whoever is a member changes things in it',
        file: flows('organizations/acting-member.ts'),
        edits: [['if (unmet.length > 0 && !inSpiteOfPolicy) return policyUnmet', 'void inSpiteOfPolicy']],
        tests: policy,
      },
      {
        name: 'its lists are read by whoever is a member',
        file: flows('organizations/looking-member.ts'),
        edits: [['if (row.unmet.length > 0) return policyUnmet', 'void policyUnmet']],
        tests: policy,
      },
      {
        name: 'an owner makes a policy that shuts everybody out, themselves too',
        file: flows('organizations/update-organization-policy.ts'),
        edits: [['if (lacking.length > 0) return', 'if (lacking.length > 9) return']],
        tests: policy,
      },
      {
        name: 'who does not meet a policy loosens it',
        file: flows('organizations/update-organization-policy.ts'),
        edits: [['if (unmet.length > 0 && own.aal < 2) return policyUnmet', 'void policyUnmet']],
        tests: policy,
      },
      {
        name: 'a notice never ends',
        file: flows('organizations/update-organization-policy.ts'),
        edits: [
          ['then least(o.second_factor_from, ${tx.now} +', 'then greatest(o.second_factor_from, ${tx.now} +'],
        ],
        tests: policy,
      },
    ],
  },
  {
    row: 23,
    control: 'The log of an organization is read by whose role may, and holds nothing of others',
    mutants: [
      {
        name: 'lines of other organizations are shown',
        file: flows('organizations/list-organization-events.ts'),
        edits: [['where e.${ofOrganization} and', 'where']],
        tests: events,
      },
      {
        name: 'whose role may not reads it',
        file: flows('organizations/looking-member.ts'),
        edits: [
          [
            '{ ok: true, organizationId } : forbidden',
            '{ ok: true, organizationId } : { ok: true, organizationId }',
          ],
        ],
        tests: events,
      },
    ],
  },
  {
    row: 23,
    control: 'Rows of an organization are read and written by its scope alone',
    mutants: [
      {
        name: 'a scope sees the rows of all',
        file: flows('organizations/organization-filter.ts'),
        edits: [['return organization === null ? {} : { organization }', 'return {}']],
        tests: rows,
      },
      {
        name: 'a row refers to one of another organization',
        file: flows('organizations/referred-rows.ts'),
        edits: [['if (rows.length !== ids.size)', 'if (rows.length > ids.size)']],
        tests: rows,
      },
    ],
  },
  {
    row: 23,
    control: 'A deleted organization leaves nothing of its own, and takes nothing of another',
    mutants: [
      {
        name: 'rows of the app stay',
        file: flows('organizations/erase-organization.ts'),
        edits: [['  await eraseOrganizationRows(tx, data, id)\n', '']],
        tests: data,
      },
      {
        name: 'rows of every organization go',
        file: flows('organizations/erase-organization-rows.ts'),
        edits: [['nativeDelete(entity, { organization: id },', 'nativeDelete(entity, {},']],
        tests: data,
      },
      {
        name: 'rows that the app hides stay',
        file: flows('organizations/erase-organization-rows.ts'),
        edits: [[', { filters: false })', ')']],
        tests: data,
      },
      {
        name: 'a function of the app sees the rows of all organizations',
        file: flows('organizations/erase-organization-rows.ts'),
        edits: [['{ organization: id })\n  for', '{ organization: null })\n  for']],
        tests: data,
      },
      {
        name: 'rows go before those that refer to them',
        file: flows('account-data/order-tables.ts'),
        edits: [
          [
            '(refersTo(metaOf(other), metaOf(table))) place(other)',
            '(refersTo(metaOf(other), metaOf(table))) void other',
          ],
        ],
        tests: data,
      },
      {
        name: 'those of the only member stay with the account that goes',
        file: flows('organizations/deleted-members.ts'),
        edits: [['    await eraseOrganizationRows(tx, data, id)\n', '']],
        tests: data,
      },
      {
        name: 'customers’ rows are in the export of a member',
        file: flows('organizations/deleted-members.ts'),
        edits: [
          [
            'where m.user_id = ${userId} and not ${hasOthers(tables)}\n    order by o.id`',
            'where m.user_id = ${userId}\n    order by o.id`',
          ],
        ],
        tests: data,
      },
      {
        name: 'nobody misses a table of which nothing is said',
        file: flows('organizations/organization-data.ts'),
        edits: [
          [
            '!data.some(({ entity }) => entity === meta.class)',
            'data.some(({ entity }) => entity === meta.class)',
          ],
        ],
        tests: data,
      },
      {
        name: 'it is deleted before its time',
        file: flows('organizations/run-organization-deletions.ts'),
        edits: [
          ['where o.delete_after <= ${now} and not', 'where o.delete_after is not null and not'],
          ['and o.delete_after <= ${tx.now}\n', '\n'],
        ],
        tests: deletion,
      },
      {
        name: 'the run waits for whoever is at work in it',
        file: flows('organizations/run-organization-deletions.ts'),
        edits: [['for update skip locked`)', 'for update`)']],
        tests: deletion,
      },
      {
        name: 'what was refused is asked at once again',
        file: flows('organizations/run-organization-deletions.ts'),
        edits: [
          [
            'and not ${wasRefused(runtime, now, refused)}',
            'and ${wasRefused(runtime, now, refused)} is not null',
          ],
        ],
        tests: deletion,
      },
      {
        name: 'whoever may do something there asks for it',
        file: flows('organizations/schedule-organization-deletion.ts'),
        edits: [["permission: 'organization:delete'", "permission: 'organization:update'"]],
        tests: deletion,
      },
      {
        name: 'anything that is typed is its slug',
        file: flows('organizations/schedule-organization-deletion.ts'),
        edits: [['confirmation.trim().toLowerCase() !== slug', "confirmation.trim() === ''"]],
        tests: deletion,
      },
      {
        name: 'a slug that is mistyped uses up a deletion of the day',
        file: flows('organizations/schedule-organization-deletion.ts'),
        edits: [['if (!result.ok) await giveBack', 'if (result.ok) await giveBack']],
        tests: deletion,
      },
      {
        name: 'slugs are typed as often as somebody likes',
        file: flows('organizations/schedule-organization-deletion.ts'),
        edits: [["(await chargeOrganizations(runtime, caller, userId, 'changes')) ??", '']],
        tests: deletion,
      },
      {
        name: 'a personal one goes without its account',
        file: flows('organizations/schedule-organization-deletion.ts'),
        edits: [["if (isPersonal) return { ok: false, reason: 'personal' }", 'void isPersonal']],
        tests: deletion,
      },
      {
        name: 'invitations outlive it',
        file: flows('organizations/schedule-organization-deletion.ts'),
        edits: [
          ['where organization_id = ${id} and ${isUnanswered}', 'where organization_id = ${id} and false'],
        ],
        tests: deletion,
      },
      {
        name: 'every member restores it',
        file: flows('organizations/restore-organization.ts'),
        edits: [['if (role !== roles.owner) return forbidden', 'void role']],
        tests: deletion,
      },
      {
        name: 'it is restored when it is due',
        file: flows('organizations/acting-member.ts'),
        edits: [['sql`o.delete_after > ${tx.now}`', 'sql`o.delete_after is not null`']],
        tests: deletion,
      },
    ],
  },
  {
    row: 23,
    control: 'Everybody gets one personal organization, however often and by whom it is made up for',
    mutants: [
      {
        name: 'of two runs at once the second goes by what it read before it waited',
        file: flows('organizations/backfill-personal-organizations.ts'),
        edits: [['any(${ids}) and ${lacksPersonal(tx)}`', 'any(${ids})`']],
        tests: [flows('organizations/backfill-personal-organizations.pg.test.ts')],
      },
    ],
  },
  {
    row: 23,
    control: 'An invitation joins whom it was sent to, as long as it is good',
    mutants: [
      {
        name: 'whoever knows its id answers it',
        file: flows('organizations/answer-own-invitation.ts'),
        edits: [['sql`(i.id = ${id} and ${isOf(runtime, userId)})`', 'sql`(i.id = ${id})`']],
        tests: invitations,
      },
      {
        name: 'it is listed to an address that nobody has proven',
        file: flows('organizations/answer-own-invitation.ts'),
        edits: [[' and w.confirmed_at is not null)`', ')`']],
        tests: invitations,
      },
      {
        name: 'whoever holds the link joins',
        file: flows('organizations/join-by-invitation.ts'),
        edits: [
          [
            'and u.id = ${userId} and u.email_canonical = i.email_canonical and u.confirmed_at is not null',
            'and u.id = ${userId}',
          ],
        ],
        tests: invitations,
      },
      {
        name: 'an address that nobody has proven joins',
        file: flows('organizations/join-by-invitation.ts'),
        edits: [
          [
            'u.email_canonical = i.email_canonical and u.confirmed_at is not null\n    returning',
            'u.email_canonical = i.email_canonical\n    returning',
          ],
        ],
        tests: invitations,
      },
      {
        name: 'what has expired, or is to an organization that goes, joins',
        file: flows('organizations/open-invitation.ts'),
        edits: [['and i.expires_at > ${now} and o.delete_after is null', 'and ${now} is not null']],
        tests: invitations,
      },
      {
        name: 'seats are counted by nobody',
        file: flows('organizations/insert-member.ts'),
        edits: [['(o.seat_limit is null', '(true or o.seat_limit is null']],
        tests: invitationRaces,
      },
      {
        name: 'of two who take the last seat neither waits for the other',
        file: flows('organizations/join-by-invitation.ts'),
        edits: [[' for no key update`)', '`)']],
        tests: invitationRaces,
      },
      {
        name: 'what somebody sent outlives their right to send it',
        file: flows('organizations/revoke-unsendable.ts'),
        edits: [
          ['and i.role <> all(${sendable}::text[])', 'and i.role <> all(${sendable}::text[]) and false'],
        ],
        tests: invitations,
      },
      {
        name: 'whoever holds the link of an account in use gets into it',
        file: flows('organizations/store-invited.ts'),
        edits: [
          [
            "if (known?.isConfirmed) return 'has-account'",
            "if (known?.isConfirmed === null) return 'has-account'",
          ],
        ],
        tests: registering,
      },
      {
        name: 'whoever was ever invited registers in an app that is closed to others',
        file: flows('organizations/configure-organizations.ts'),
        edits: [['${address} and ${isOpenInvitation(now)})`', '${address} and ${now} is not null)`']],
        tests: invitationRows,
      },
      {
        name: 'one is swept that is sent again, or asked about',
        file: flows('organizations/open-invitation.ts'),
        edits: [
          [
            "(x.expires_at <= ${now} - ${EXPIRED_DAYS} * interval '1 day'",
            '(x.expires_at <= ${now} and ${EXPIRED_DAYS} > 0',
          ],
        ],
        tests: invitationRows,
      },
      {
        name: 'who declined is forgotten, and asked again',
        file: flows('organizations/open-invitation.ts'),
        edits: [['(x.declined_at is null or', '(true or']],
        tests: invitationRows,
      },
      {
        name: 'it stays where an address is that was deleted',
        file: flows('organizations/deleted-members.ts'),
        edits: [['      await forgetInvitations(tx, area, account)\n', '']],
        tests: invitationRows,
      },
      {
        name: 'what a squatter left stays',
        file: flows('organizations/store-invited.ts'),
        edits: [
          [
            '  await replacePassword(tx, caller, { ...known, userId: known.id }, invited.hashedPassword)\n',
            '  await tx.rows(sql`update ${tx.tables.user.name} set confirmed_at = ${tx.now} where id = ${known.id}`)\n  void [replacePassword, caller]\n',
          ],
        ],
        tests: registering,
      },
      {
        name: 'an address is given to whoever is invited without asking who may have it',
        file: flows('organizations/store-invited.ts'),
        edits: [
          [
            '  if (!admission.ok) return admission.reason\n  if (!known) return { userId: await insertProvenUser(tx, caller, admission.address, invited)',
            '  if (!known) return { userId: await insertProvenUser(tx, caller, canonical, invited)',
          ],
        ],
        tests: registering,
      },
      {
        name: 'a second press is answered with a session in any browser',
        file: flows('organizations/repeat-registration.ts'),
        edits: [
          [
            'and s.browser_id = ${browserHashOf(caller)} and s.presented_at is null',
            'and ${browserHashOf(caller)}::bytea is not null',
          ],
        ],
        tests: registering,
      },
    ],
  },
  {
    row: 23,
    control: 'A domain lets in whose address is proven to be there, once its DNS says whose it is',
    mutants: [
      {
        name: 'any record proves it',
        file: flows('organizations/check-domains.ts'),
        edits: [['(texts) => texts.includes(value)', '(texts) => texts.length > 0 || value.length === 0']],
        tests: domains,
      },
      {
        name: 'what was looked up is not what is proven',
        file: flows('organizations/check-domains.ts'),
        edits: [
          [
            '(d.id::text = ${id} and d.domain = ${domain} and d.challenge = ${challenge})',
            '(d.id::text = ${id} and ${domain}::text is not null and ${challenge}::text is not null)',
          ],
        ],
        tests: domains,
      },
      {
        name: 'it lets in before it is proven',
        file: flows('organizations/domain-offers.ts'),
        edits: [
          ['and d.verified_at is not null and u.confirmed_at is not null', 'and u.confirmed_at is not null'],
        ],
        tests: domains,
      },
      {
        name: 'it lets in whose address nobody has proven',
        file: flows('organizations/domain-offers.ts'),
        edits: [
          ['and d.verified_at is not null and u.confirmed_at is not null', 'and d.verified_at is not null'],
        ],
        tests: domains,
      },
      {
        name: 'it brings back who was removed',
        file: flows('organizations/domain-offers.ts'),
        edits: [['and x.user_id = u.id))`', 'and x.user_id = u.id and false))`']],
        tests: domains,
      },
      {
        name: 'it is never lost',
        file: flows('organizations/check-domains.ts'),
        edits: [['d.failures + 1 >= ${FAILURES}', 'd.failures + 1 >= ${FAILURES} + 1000']],
        tests: domains,
      },
    ],
  },
  {
    row: 23,
    control: 'A transfer is undone by its email, and nothing gets in the way of that',
    mutants: [
      {
        name: 'who is no owner hands an organization over',
        file: flows('organizations/transfer-organization.ts'),
        edits: [['if (acting.role !== roles.owner) return forbidden', 'void forbidden']],
        tests: transfers,
      },
      {
        name: 'it goes to somebody who cannot act, or whom its policy keeps out',
        file: flows('organizations/transfer-organization.ts'),
        edits: [['return ready.length > 0', 'return ready.length >= 0']],
        tests: transfers,
      },
      {
        name: 'it is handed on before anybody read of it',
        file: flows('organizations/transfer-organization.ts'),
        edits: [['and not ${isTransferOpen(tx.now)}', 'and ${tx.now} is not null']],
        tests: transfers,
      },
      {
        name: 'whoever handed it over is removed, or made to leave',
        file: flows('organizations/delete-membership.ts'),
        edits: [['if (open !== null) return open', 'void open']],
        tests: transfers,
      },
      {
        name: 'it is deleted before whoever handed it over has it back',
        file: flows('organizations/schedule-organization-deletion.ts'),
        edits: [['if (open !== null) return open', 'void open']],
        tests: transfers,
      },
      {
        name: 'the account of whoever handed it over is deleted first',
        file: flows('organizations/is-transfer-open.ts'),
        edits: [['select max(o.transfer_undo_until)', 'select max(null::timestamptz)']],
        tests: transfers,
      },
      {
        name: 'the link is good for ever',
        file: flows('organizations/is-transfer-open.ts'),
        edits: [['and o.transfer_undo_until > ${now})', 'and ${now} is not null)']],
        tests: transfers,
      },
      {
        name: 'whom the receiver made an owner stays one',
        file: flows('organizations/change-member-role.ts'),
        edits: [['and a.role_before is not null)', 'and a.role_before is not null and false)']],
        tests: transfers,
      },
      {
        name: 'whom the receiver invited as an owner stays one',
        file: flows('organizations/join-by-invitation.ts'),
        edits: [['and b.role_before is not null)', 'and b.role_before is not null and false)']],
        tests: transfers,
      },
      {
        name: 'what a transfer before gave is taken back with this one',
        file: flows('organizations/transfer-organization.ts'),
        edits: [[' or m.role_before is not null)', ' or false)']],
        tests: transfers,
      },
      {
        name: 'a change of address silences it',
        file: flows('organizations/tell-of-transfer.ts'),
        edits: [
          [
            'where ${isReader} and ${isUndoable(tx.now)}',
            'where ${isReader} and ${isUndoable(tx.now)} and false',
          ],
        ],
        tests: transfers,
      },
    ],
  },
  {
    row: 23,
    control: 'What was done to an organization in the name of whoever it was not is taken back',
    mutants: [
      {
        name: '“This wasn’t me” waits for an organization that waits for it',
        file: flows('not-me/secure-user.ts'),
        edits: [['await lockBefore(tx, token)', 'void lockBefore']],
        tests: secured,
      },
      {
        name: 'its deletion goes on',
        file: flows('organizations/secured-members.ts'),
        edits: [['delete_after = null', 'delete_after = delete_after']],
        tests: secured,
      },
      {
        name: 'what another owner asked for is taken back',
        file: flows('organizations/secured-members.ts'),
        edits: [['e.subject_id = ${userId}::text', 'e.subject_id is not null']],
        tests: secured,
      },
      {
        name: 'a transfer stays',
        file: flows('organizations/secured-members.ts'),
        edits: [['sql`(o.transferred_by =', 'sql`(false and o.transferred_by =']],
        tests: secured,
      },
      {
        name: 'the page before it does not name what comes back',
        file: flows('organizations/secured-members.ts'),
        edits: [['found.length === 0 ?', 'found.length >= 0 ?']],
        tests: secured,
      },
      {
        name: 'what an address had won stays when somebody has their former one back',
        file: flows('organizations/secured-members.ts'),
        edits: [['if (user.undoneSince !== null)', 'if (user.undoneSince !== null && user.userId === null)']],
        tests: domains,
      },
      {
        name: 'what somebody joined before that address goes, too',
        file: flows('organizations/lose-memberships.ts'),
        edits: [['m.created_at >= ${since}::timestamptz', '${since}::timestamptz is not null']],
        tests: domains,
      },
      {
        name: 'it leaves an organization without an owner, and cannot be undone for that',
        file: flows('organizations/lose-memberships.ts'),
        edits: [['  await promoteHeirs(tx, area, { userId, record }, isWon)\n', '  void promoteHeirs\n']],
        tests: domains,
      },
      {
        name: 'the link ends before the grace does',
        file: flows('mail/admit-notice.ts'),
        edits: [["((${causeOf(runtime, mail)}) ->> 'lastsUntil')", '(null)']],
        tests: secured,
      },
    ],
  },
  {
    row: 23,
    control: 'An email to a member is sent as long as it is true',
    mutants: [
      {
        name: 'members are told of a deletion that was taken back and asked for anew',
        file: flows('organizations/deletion-causes.ts'),
        edits: [[" and ${iso(sql`o.delete_after`)} = e.metadata ->> 'deleteAfter'", '']],
        tests: [flows('organizations/deletion-mails.pg.test.ts')],
      },
      {
        name: 'whoever has what the policy asks for is told that they lack it',
        file: flows('organizations/policy-cause.ts'),
        edits: [['and cardinality(x.lacks) > 0', '']],
        tests: [flows('organizations/policy-mails.pg.test.ts')],
      },
      {
        name: 'a policy that is saved again is told again',
        file: flows('organizations/update-organization-policy.ts'),
        edits: [['${isSecondFactorNew}::boolean and ', '']],
        tests: [flows('organizations/policy-mails.pg.test.ts')],
      },
      {
        name: 'a notice is sent whatever came since',
        file: flows('mail/notice-subject.ts'),
        edits: [['and (${causeOf(runtime, mail)}) is not null', '']],
        tests: [flows('organizations/organization-mails.pg.test.ts')],
      },
    ],
  },
]

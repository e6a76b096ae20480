import type { Caller } from '../caller.ts'
import { parseId } from '../database/row-id.ts'
import { milliseconds, sql } from '../database/sql.ts'
import { statement } from '../database/transaction.ts'
import { defineFlow } from '../flows/define-flow.ts'
import type { Runtime } from '../runtime.ts'
import { signedInSessionOf } from '../sessions/signed-in-session.ts'
import { type UnknownOrganization, unknownOrganization } from './acting-member.ts'
import { isPolicyMethod, type PolicyMethod } from './organization-policy.ts'
import { requireOrganizations } from './require-organizations.ts'

/** What an organization asks of whoever works in it; what is `null` is not asked for. */
export interface PresentPolicy {
  /** From when on members need two factors; a day to come where they were given notice. */
  secondFactorFrom: Date | null
  /** Of these a session has proven one. */
  allowedMethods: readonly PolicyMethod[] | null
  maxSessionMinutes: number | null
}

interface Row {
  from: number | null
  methods: string[] | null
  minutes: number | null
}

/**
 * The policy of an organization, for every member: whoever it holds back has to know what it asks for.
 *
 * @throws {SudoRequired} `SIGRA_SUDO_REQUIRED` for strangers and sign-ins that wait.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const getOrganizationPolicy = defineFlow(
  {
    name: 'getOrganizationPolicy',
    principal: 'session',
    changes: false,
    sudo: false,
    impersonation: 'allowed',
    channel: null,
  },
  async (
    runtime: Runtime,
    caller: Caller,
    input: { organizationId: unknown },
  ): Promise<{ ok: true; policy: PresentPolicy } | UnknownOrganization> => {
    const { organization, membership } = requireOrganizations(runtime).tables
    const { userId } = signedInSessionOf(caller)
    const id = parseId(runtime.tables, input.organizationId)
    if (id === null) return unknownOrganization
    const [row] = await statement<Row>(
      runtime,
      sql`
      select ${milliseconds(sql`o.second_factor_from`)} as "from", o.allowed_methods as methods,
        o.max_session_minutes as minutes
      from ${organization.name} o join ${membership.name} m on m.organization_id = o.id
      where o.id = ${id} and m.user_id = ${userId} and o.delete_after is null`,
    )
    if (!row) return unknownOrganization
    const { from, methods, minutes } = row
    return {
      ok: true,
      policy: {
        secondFactorFrom: from === null ? null : new Date(from),
        allowedMethods: methods && methods.filter(isPolicyMethod),
        maxSessionMinutes: minutes,
      },
    }
  },
)

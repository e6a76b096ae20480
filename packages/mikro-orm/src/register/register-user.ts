import type { EntityManager } from '@mikro-orm/postgresql'
import { type EmailAddress, parseEmail } from '@sigra/core'
import type { Document } from '../consent/documents.ts'
import { acceptedOf } from '../consent/posted-documents.ts'
import { refuseAddress } from '../addresses/admit-address.ts'
import type { Caller } from '../caller.ts'
import {
  type Busy,
  type FieldErrors,
  type FieldReason,
  type Invalid,
  type Limited,
  orBusy,
} from '../flow-result.ts'
import { defineFlow } from '../flows/define-flow.ts'
import { chargeLimits, type ChargeResult } from '../limits/charge-limits.ts'
import { clientCharges } from '../limits/client-charges.ts'
import { chargeMailClient, chargeMailTarget } from '../mail/charge-mail-sending.ts'
import { checkNewPassword, type NewPasswordCheck } from '../passwords/check-new-password.ts'
import type { Runtime } from '../runtime.ts'
import type { UserId } from '../user-id.ts'
import { type HostColumn, readHostFields } from './host-fields.ts'
import { storeRegistration } from './store-registration.ts'

export interface RegisterInput {
  email: unknown
  password: unknown
  /** The documents accepted with it, by name and version: `terms:2026-12-01 privacy:3`. Others are asked for at the first log-in. */
  documents?: unknown
}

/** The host's part in a registration. */
export interface RegisterOptions<Input extends RegisterInput = RegisterInput> {
  /**
   * The host's own policy: field errors, as sentences of its own, or `null`. It runs before anything is read, so that a refusal cannot tell
   * which addresses are taken.
   */
  check?: (input: Input) => FieldErrors | null | Promise<FieldErrors | null>
  /** Host columns of the new user, by property. */
  fields?: Readonly<Record<string, unknown>>
  /** Further rows of the same transaction. Throwing undoes the registration; the visitor learns nothing of it. */
  inTransaction?: (em: EntityManager, user: { id: UserId; email: string }) => Promise<void> | void
  /** Where to go after confirming in this browser. A path of this app, checked by the edge, and again where it is used. */
  redirectTo?: string | null
}

export type RegisterResult =
  | { ok: true }
  | Invalid<string>
  /** `policy.registration.mode` is `closed`, for every address alike. */
  | { ok: false; reason: 'registration-closed' }
  | Limited
  | Busy

/**
 * Registers an address. The answer and what it costs are the same whether the address is free, taken, held for somebody or
 * of nobody who may come in; what the mail says, if there is one, is between us and the owner of the mailbox.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when `fields` names a library column or an unknown one.
 * @throws {DatabaseUnavailable} `SIGRA_DATABASE_UNAVAILABLE` when the database does not answer.
 */
export const registerUser = defineFlow(
  {
    name: 'registerUser',
    principal: 'visitor',
    changes: true,
    sudo: false,
    impersonation: 'refused',
    channel: 'auth.register',
  },
  async <Input extends RegisterInput>(
    runtime: Runtime,
    caller: Caller,
    input: Input,
    options: RegisterOptions<Input> = {},
  ): Promise<RegisterResult> => {
    const columns = readHostFields(runtime, options.fields ?? {})
    if (runtime.policy.registration.mode === 'closed') return { ok: false, reason: 'registration-closed' }
    const email = parseEmail(input.email)
    const refused = refuseAddress(runtime, email)
    // Before anything is looked at: the rules for passwords take their time, too.
    const charged = await chargeRegistration(runtime, caller, email)
    if (!charged.ok) return charged
    const plausible = await checkNewPassword(runtime, input.password, email?.typed ?? '', {
      breachCheck: false,
    })
    if (!email || refused || !plausible.ok) return refuse(refused, plausible)

    const refusal = (await options.check?.(input)) ?? null
    if (refusal && Object.keys(refusal).length > 0) return { ok: false, reason: 'invalid', errors: refusal }
    const password = await checkNewPassword(runtime, input.password, email.typed, { breachCheck: true })
    if (!password.ok) return refuse(null, password)

    const { inTransaction: hook = null, redirectTo = null } = options
    const documents = acceptedOf(runtime.documents, input.documents)
    return register(runtime, caller, { email, ...password, columns, documents, hook, redirectTo })
  },
)

interface Accepted {
  email: EmailAddress
  password: string
  breachCheckUnavailable: boolean
  columns: readonly HostColumn[]
  documents: readonly Document[]
  hook: RegisterOptions['inTransaction'] | null
  redirectTo: string | null
}

async function register(runtime: Runtime, caller: Caller, accepted: Accepted): Promise<RegisterResult> {
  const { password, hook, ...rest } = accepted
  const limited = await chargeMailClient(runtime, caller, accepted.email.canonical)
  if (!limited.ok) return limited
  if (!(await chargeMailTarget(runtime, caller, accepted.email.canonical))) return { ok: true }

  // Before anybody knows whether the address is taken, and with no connection held.
  const hashedPassword = await orBusy(runtime.hasher.hash(password))
  if (typeof hashedPassword !== 'string') return hashedPassword
  await storeRegistration(runtime, caller, { ...rest, hashedPassword, hook: hook ?? null })
  return { ok: true }
}

async function chargeRegistration(
  runtime: Runtime,
  caller: Caller,
  email: EmailAddress | null,
): Promise<ChargeResult> {
  const bucket = runtime.policy.limits.client.register
  const charges = clientCharges(caller, 'register.client', bucket, email?.canonical ?? null)
  return chargeLimits(runtime, charges, caller)
}

function refuse(email: FieldReason | null, password: NewPasswordCheck): Invalid<'email' | 'password'> {
  const errors: FieldErrors<'email' | 'password'> = password.ok ? {} : { ...password.errors }
  if (email) errors.email = [email]
  return { ok: false, reason: 'invalid', errors }
}

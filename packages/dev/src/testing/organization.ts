import { randomBytes } from 'node:crypto'
import { deriveMailedToken, parseEmail, parseSelector } from '@sigra/core'
import {
  acceptInvitation,
  type Caller,
  createOrganization as make,
  forOrganization,
  type InvitationAnswer,
  inviteMembers,
  logOutUser,
  type OrganizationRows,
  requireOrganizations,
  sql,
  statement,
} from '@sigra/mikro-orm'
import { keepCode } from './keep-code.ts'
import { TestBrowser } from './test-browser.ts'
import { TestSetupFailed } from './test-setup-failed.ts'
import type { Person, PreparedOrganization, TestedSigra } from './tested-app.ts'

export interface OrganizationSetup {
  /** Whoever makes it, and invites everybody else. */
  owner: Person
  /** @default 'Acme' */
  name?: string
  /** @default a fresh one */
  slug?: string
}

/**
 * Makes an organization as its owner would. They go on in it when they log in.
 *
 * @throws {TestSetupFailed} `SIGRA_TEST_SETUP_FAILED` when the library refuses.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 */
export async function createOrganization(
  sigra: TestedSigra,
  { owner, name = 'Acme', slug = `team-${randomBytes(6).toString('hex')}` }: OrganizationSetup,
): Promise<PreparedOrganization> {
  const made = await as(owner, sigra, (caller) => make(sigra.edge.runtime, caller, { name, slug }))
  if (!made.ok) throw new TestSetupFailed(`Making "${slug}" for ${owner.email} said "${made.reason}".`)
  return { id: made.organizationId, slug, name, owner }
}

/**
 * Makes an organization unless one has the slug, or had it a while ago: for a `seed.ts` that can be run twice.
 *
 * @returns `null` where there is one: what belongs to it was made then, too.
 * @throws {TestSetupFailed} `SIGRA_TEST_SETUP_FAILED` when the library refuses.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in an app without organizations.
 */
export async function ensureOrganization(
  sigra: TestedSigra,
  setup: OrganizationSetup & { slug: string },
): Promise<PreparedOrganization | null> {
  const { runtime } = sigra.edge
  const { slug } = requireOrganizations(runtime).tables
  const taken = await statement(runtime, sql`select from ${slug.name} where slug = ${setup.slug}`)
  return taken.length > 0 ? null : createOrganization(sigra, setup)
}

/** The rows of an organization, as `forOrganization` gives them to a page of it. */
export function organizationRows(
  { edge }: TestedSigra,
  organization: Pick<PreparedOrganization, 'id'>,
): OrganizationRows {
  return forOrganization(edge.runtime.orm, { organization })
}

/** @throws {TestSetupFailed} `SIGRA_TEST_SETUP_FAILED` unless an invitation is open then. */
export async function invite(
  sigra: TestedSigra,
  { email }: Person,
  { id, slug, owner }: PreparedOrganization,
  role: string | undefined,
): Promise<void> {
  const { runtime } = sigra.edge
  const { roles } = requireOrganizations(runtime)
  const input = { organizationId: id, emails: email, role: role ?? roles.standard }
  const invited = await as(owner, sigra, (caller) => inviteMembers(runtime, caller, input))
  const answer = invited.ok ? invited.lines[0]?.answer : invited.reason
  if (answer !== 'sent')
    throw new TestSetupFailed(`Inviting ${email} to "${slug}" said "${answer}".${help(answer)}`)
}

/** By an invitation of its owner. @throws {TestSetupFailed} `SIGRA_TEST_SETUP_FAILED` when the library refuses. */
export async function join(
  sigra: TestedSigra,
  person: Person,
  organization: PreparedOrganization,
  role: string | undefined,
): Promise<void> {
  await invite(sigra, person, organization, role)
  const token = await readToken(sigra, person, organization)
  const joined = await as(person, sigra, (caller) => acceptInvitation(sigra.edge.runtime, caller, { token }))
  if (!joined.ok)
    throw new TestSetupFailed(`${person.email} joins "${organization.slug}": that said "${joined.reason}".`)
}

/** What the link of the email holds: like the worker, derived from the row. */
async function readToken(
  { edge: { runtime } }: TestedSigra,
  { email }: Person,
  { id, slug }: PreparedOrganization,
): Promise<string> {
  const { invitation } = requireOrganizations(runtime).tables
  const [row] = await statement<{ keyId: string; selector: string }>(
    runtime,
    sql`
    select key_id as "keyId", translate(rtrim(encode(selector, 'base64'), '='), '+/', '-_') as selector
    from ${invitation.name} where organization_id = ${id} and email_canonical = ${parseEmail(email)?.canonical ?? ''}
    order by created_at desc limit 1`,
  )
  const selector = row && parseSelector(row.selector)
  const token = selector && deriveMailedToken(runtime.ring, 'invitation', row.keyId, selector)
  if (!token) throw new TestSetupFailed(`There is no invitation of ${email} to "${slug}".`)
  return token.text
}

/** In a browser of their own, which is logged out again. */
async function as<Result>(
  person: Person,
  sigra: TestedSigra,
  run: (caller: Caller) => Promise<Result>,
): Promise<Result> {
  const browser = await keepCode(sigra, person, () => new TestBrowser(sigra).logIn(person))
  const result = await run(await browser.caller())
  await logOutUser(sigra.edge.runtime, await browser.caller())
  return result
}

function help(answer: InvitationAnswer | string | undefined): string {
  if (answer === 'unknown-role') return ' Roles stand in app/organizations/organizations.config.ts.'
  if (answer !== 'limited') return ''
  return ' A new organization invites a few people a day: see newOrganizationInvitations of its policy.'
}

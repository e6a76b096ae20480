import type { OrganizationPermission } from '@sigra/core'
import {
  addDomain,
  type AddDomainResult,
  checkDomain,
  type CheckDomainResult,
  type DomainOffer,
  joinByDomain,
  type JoinByDomainResult,
  listDomainOffers,
  listDomains,
  type OrganizationDomain,
  removeDomain,
  type RemoveDomainResult,
  setSeatLimit,
  acceptInvitation,
  type AcceptInvitationResult,
  acceptOwnInvitation,
  type AcceptOwnInvitationResult,
  acrossOrganizations,
  changeMemberRole,
  type ChangeMemberRoleResult,
  changeOrganizationSlug,
  type ChangeOrganizationSlugResult,
  createOrganization,
  type CreateOrganizationResult,
  type Caller,
  declineInvitation,
  declineOwnInvitation,
  forOrganization,
  getInvitationByToken,
  getOrganizationPolicy,
  getOrganizationTransfer,
  getOrganizationTransferByToken,
  type InvitationOver,
  type InvitationPage,
  inviteMembers,
  type InviteMembersResult,
  leaveOrganization,
  type LeaveOrganizationResult,
  type Limited,
  listInvitations,
  listMembers,
  listOrganizationEvents,
  listOrganizations,
  listOwnInvitations,
  listPolicyHits,
  listRestorableOrganizations,
  type ListPolicyHitsResult,
  type OrganizationEventPage,
  type OrganizationEventsInput,
  type OrganizationInvitation,
  type OrganizationMemberPage,
  type OrganizationRows,
  type OrganizationsPolicy,
  type OrganizationTransfer,
  type OwnInvitation,
  type OwnOrganization,
  type PolicyInput,
  type PolicyMethod,
  policyMethods,
  type PresentPolicy,
  registerByInvitation,
  type RegisterByInvitationInput,
  type RegisterByInvitationResult,
  type RegisterOptions,
  removeMember,
  type RemoveMemberResult,
  renameOrganization,
  type RenameOrganizationResult,
  requireOrganizations,
  type RestorableOrganization,
  restoreOrganization,
  type RestoreOrganizationResult,
  resendInvitation,
  type ResendInvitationResult,
  revokeInvitation,
  type RevokeInvitationResult,
  type Runtime,
  scheduleOrganizationDeletion,
  type ScheduleOrganizationDeletionResult,
  switchOrganization,
  type SwitchOrganizationResult,
  transferOrganization,
  type TransferInput,
  type TransferOrganizationResult,
  undoOrganizationTransfer,
  type UndoTransferResult,
  updateOrganizationPolicy,
  type UpdateOrganizationPolicyResult,
} from '@sigra/mikro-orm'
import type { Edge } from '../edge.ts'
import type { RequestArgs } from '../request/request-args.ts'
import { visitOf } from '../request/visit.ts'
import { type Answered, createFlowRunner } from '../run-flow.ts'
import { answerSignIn, type SignInSuccess } from '../sign-in-answer.ts'
import { logInAgain, type OrganizationEntrance, requireEntrance } from './enter.ts'
import { findScope, requireMembership, requirePermission, requireScope, type Shown } from './guards.ts'
import { refusedBy } from './refuse.ts'
import type { OrganizationScope } from './scope.ts'

/** What pages answer by a thrown response: 404 for whoever is no member, 403 for whose role does not allow it. */
interface Thrown {
  ok: false
  reason: (typeof thrown)[number]
}

const thrown = ['unknown-organization', 'forbidden', 'policy-unmet'] as const

/** What is left to answer by a value. */
type Answer<Result> = Exclude<Result, Thrown>

/** What a form says a policy should be. */
export type PolicyForm = Omit<PolicyInput, 'organizationId'>

/** What came of a registration by an invitation. */
export type RegisterByInvitationAnswer = Answered<RegisterByInvitationResult, SignInSuccess>

/** What an app does with its organizations. */
export interface Organizations<Permission extends string, Role extends string> {
  /** Times and numbers, as `organizationsArea` was told and by default. */
  readonly policy: OrganizationsPolicy
  /** The names of all roles, in the order they were written down. */
  readonly roles: readonly Role[]
  /** By what a policy may ask people to log in, as far as the app has it. */
  readonly policyMethods: readonly PolicyMethod[]
  /** The organization of the path, else the one the person is at work in; `null` where they are a member of none. */
  getOrganization(args: RequestArgs): Promise<OrganizationScope | null>
  /**
   * The same, for pages of members. @throws {Response} 303 to log-in and back, or to the list of organizations; 404 for
   * everybody who is no member; 409 for a form of a page that showed another one.
   */
  requireOrganization(args: RequestArgs, shown?: Shown): Promise<OrganizationScope>
  /** A member who may do this. @throws {Response} As `requireOrganization`, and 403 for whose role does not allow it. */
  requireMember(
    args: RequestArgs,
    permission: Permission | OrganizationPermission,
    shown?: Shown,
  ): Promise<OrganizationScope>
  /** Whether somebody may do this, there. */
  can(scope: OrganizationScope, permission: Permission | OrganizationPermission): boolean
  /** Whether somebody may give this role to a member there, or change or remove a member who has it. */
  mayGive(scope: OrganizationScope, role: string): boolean
  /** The rows of one organization: nothing of another one is read or written by them. */
  forOrganization(scope: OrganizationScope): OrganizationRows
  /**
   * An EntityManager that sees the rows of all organizations: for jobs and your own staff's pages.
   *
   * @param reason Why, for whoever reads the code.
   * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` without a reason.
   */
  acrossOrganizations(reason: string): ReturnType<typeof acrossOrganizations>
  /**
   * What the policy of the path's organization still asks of a member: for the page `…/enter`, where guards send them.
   * @throws {Response} 303 to log-in, or to where they were going when nothing is asked any more; 404 for everybody else.
   */
  getOrganizationEntrance(args: RequestArgs): Promise<OrganizationEntrance>
  /** For an action of that page: ends the session here. @returns 303 to log-in, and from there to where they were going. */
  logInAgain(args: RequestArgs): Promise<Response>
  /** What the organization asks of its members. Each of them may know, also one whom it holds back. */
  getOrganizationPolicy(args: RequestArgs): Promise<PresentPolicy>
  /** Whom a policy would keep out until they set something up. */
  listPolicyHits(args: RequestArgs, input: PolicyForm): Promise<Answer<ListPolicyHitsResult>>
  /** Needs a fresh sudo. What is `null` is not asked for. */
  updateOrganizationPolicy(
    args: RequestArgs,
    input: Shown & PolicyForm,
  ): Promise<Answer<UpdateOrganizationPolicyResult>>
  /** Those that the signed-in user is a member of; none for strangers. */
  listOrganizations(args: RequestArgs): Promise<OwnOrganization[]>
  createOrganization(
    args: RequestArgs,
    input: { name: unknown; slug: unknown },
  ): Promise<CreateOrganizationResult>
  /** @throws {Response} 404 for one that they are no member of. */
  switchOrganization(args: RequestArgs, input: { slug: unknown }): Promise<Answer<SwitchOrganizationResult>>
  renameOrganization(
    args: RequestArgs,
    input: Shown & { name: unknown },
  ): Promise<Answer<RenameOrganizationResult>>
  changeOrganizationSlug(
    args: RequestArgs,
    input: Shown & { slug: unknown },
  ): Promise<Answer<ChangeOrganizationSlugResult>>
  leaveOrganization(args: RequestArgs, input?: Shown): Promise<Answer<LeaveOrganizationResult>>
  /**
   * Needs a fresh sudo, and `shown`. Nobody sees the organization any more, and an owner can restore it for as long as the policy
   * says. @param input.confirmation Its slug, as somebody typed it.
   */
  scheduleOrganizationDeletion(
    args: RequestArgs,
    input: Shown & { confirmation: unknown },
  ): Promise<Answer<ScheduleOrganizationDeletionResult>>
  /** Those that the signed-in user owns and can restore; none for strangers. */
  listRestorableOrganizations(args: RequestArgs): Promise<RestorableOrganization[]>
  /** @throws {Response} 404 for one that is due, or that they are no member of; 403 for whoever is no owner. */
  restoreOrganization(
    args: RequestArgs,
    input: { organizationId: unknown },
  ): Promise<Answer<RestoreOrganizationResult>>
  /** Needs a fresh sudo, and the slug, typed: hands it over to a member. Owners are mailed a link that undoes it. */
  transferOrganization(
    args: RequestArgs,
    input: Shown & Omit<TransferInput, 'organizationId'>,
  ): Promise<Answer<TransferOrganizationResult>>
  /** That it was handed over, as long as that can be undone; for whose role has `members:read`. */
  getOrganizationTransfer(args: RequestArgs): Promise<OrganizationTransfer | null>
  /** `null` for a link that is over. @param token Of `sigra.readMailFlow(args, 'transfer')`. */
  getOrganizationTransferByToken(args: RequestArgs, token: unknown): Promise<OrganizationTransfer | null>
  /** Signed in or not: the link alone decides. */
  undoOrganizationTransfer(args: RequestArgs, input: { token: unknown }): Promise<UndoTransferResult>
  /** A page of members. @param input.after As the page before said. */
  listMembers(args: RequestArgs, input?: { q?: unknown; after?: unknown }): Promise<OrganizationMemberPage>
  /** A page of what happened there, for whose role has `audit:read`. @param input.cursor As the page before said. */
  listOrganizationEvents(
    args: RequestArgs,
    input?: Omit<OrganizationEventsInput, 'organizationId'>,
  ): Promise<OrganizationEventPage>
  changeMemberRole(
    args: RequestArgs,
    input: Shown & { memberId: unknown; role: unknown },
  ): Promise<Answer<ChangeMemberRoleResult>>
  removeMember(args: RequestArgs, input: Shown & { memberId: unknown }): Promise<Answer<RemoveMemberResult>>
  /** One address on each line, and one answer for each; none of them says who has an account. */
  inviteMembers(
    args: RequestArgs,
    input: Shown & { emails?: unknown; role: unknown },
  ): Promise<Answer<InviteMembersResult>>
  /** Those that wait for an answer. */
  listInvitations(args: RequestArgs): Promise<OrganizationInvitation[]>
  /** Once more, with another link. */
  resendInvitation(
    args: RequestArgs,
    input: Shown & { invitationId: unknown },
  ): Promise<Answer<ResendInvitationResult>>
  revokeInvitation(
    args: RequestArgs,
    input: Shown & { invitationId: unknown },
  ): Promise<Answer<RevokeInvitationResult>>
  /** For who may `domains:manage`. `isFull`: nobody can join by them, as no seat is left. */
  listDomains(args: RequestArgs): Promise<{ domains: OrganizationDomain[]; isFull: boolean }>
  /** Needs a fresh sudo. Added again, a domain gets the other mode. @param input.mode `offer`, or `auto` */
  addDomain(
    args: RequestArgs,
    input: Shown & { domain: unknown; mode?: unknown },
  ): Promise<Answer<AddDomainResult>>
  /** Needs a fresh sudo. Who has joined by it stays. */
  removeDomain(args: RequestArgs, input: Shown & { domainId: unknown }): Promise<Answer<RemoveDomainResult>>
  /** Has the worker ask its DNS soon. */
  checkDomain(args: RequestArgs, input: Shown & { domainId: unknown }): Promise<Answer<CheckDomainResult>>
  /** What the signed-in user may join by the domain of their address; none for strangers. */
  listDomainOffers(args: RequestArgs): Promise<DomainOffer[]>
  joinByDomain(args: RequestArgs, input: { organizationId: unknown }): Promise<JoinByDomainResult>
  /** For your own code that sells seats, never for a form of a member. @returns How many members there are; `null`: no such organization. */
  setSeatLimit(input: { organizationId: string; seats: number | null }): Promise<number | null>
  /** `null` for a link that is over. @param token Of `sigra.readMailFlow(args, 'invitation')`. */
  getInvitationByToken(args: RequestArgs, token: unknown): Promise<InvitationPage | null>
  /** Only who has proven the address that was invited is joined; they go on there. */
  acceptInvitation(args: RequestArgs, input: { token: unknown }): Promise<AcceptInvitationResult>
  /**
   * For whoever has no account: registers the address that was invited, by its link, and joins. They go on there, or at what the door
   * still asks.
   */
  registerByInvitation(
    args: RequestArgs,
    input: RegisterByInvitationInput,
    options?: Pick<RegisterOptions, 'fields' | 'inTransaction'>,
  ): Promise<RegisterByInvitationAnswer>
  /** Those of the address that whoever is signed in has proven; none for strangers. */
  listOwnInvitations(args: RequestArgs): Promise<OwnInvitation[]>
  /** They go on there. */
  acceptOwnInvitation(args: RequestArgs, input: { invitationId: unknown }): Promise<AcceptOwnInvitationResult>
  declineOwnInvitation(
    args: RequestArgs,
    input: { invitationId: unknown },
  ): Promise<{ ok: true } | InvitationOver | Limited>
  declineInvitation(
    args: RequestArgs,
    input: { token: unknown },
  ): Promise<{ ok: true } | InvitationOver | Limited>
}

export function createOrganizations<Permission extends string, Role extends string>(
  edge: Edge,
  isRole: (name: string) => name is Role,
): Organizations<Permission, Role> {
  const { runtime } = edge
  const { policy, roles, listPath } = requireOrganizations(runtime)
  const hasKeys = runtime.areas.some(({ credentials }) => credentials.some((each) => each.isSecondFactor))
  const { look, act, answer } = createFlowRunner(edge)

  /** The same where the policy of the organization may hold them back. */
  async function inSpiteOfPolicy<Result>(
    args: RequestArgs,
    shown: Shown,
    run: (runtime: Runtime, caller: Caller, organizationId: string) => Promise<Result>,
  ): Promise<Answer<Result>> {
    const { found } = await requireMembership(visitOf(edge, args), shown)
    return orThrow(args, await act(args, (rt, caller) => run(rt, caller, found.organization.id)))
  }

  /** Of the path, as every guard says: a posted id names no organization, it only says what the page showed. */
  async function within<Result>(
    args: RequestArgs,
    shown: Shown,
    run: (runtime: Runtime, caller: Caller, organizationId: string) => Promise<Result>,
  ): Promise<Answer<Result>> {
    const { organization } = await requireScope(visitOf(edge, args), shown)
    return orThrow(args, await act(args, (rt, caller) => run(rt, caller, organization.id)))
  }

  function orThrow<Result>(args: RequestArgs, result: Result): Answer<Result> {
    const { state } = visitOf(edge, args)
    if (isReason(result, 'unknown-organization')) throw refusedBy(state, 404)
    if (isReason(result, 'forbidden') || isReason(result, 'policy-unmet')) throw refusedBy(state, 403)
    if (isAnswer(result)) return result
    throw refusedBy(state, 404)
  }

  return {
    policy,
    roles: roles.names.filter(isRole),
    policyMethods: policyMethods.filter((method) => (method !== 'pop' && method !== 'user') || hasKeys),
    getOrganization: async (args) => findScope(visitOf(edge, args)),
    requireOrganization: async (args, shown) => requireScope(visitOf(edge, args), shown),
    requireMember: async (args, permission, shown) =>
      requirePermission(visitOf(edge, args), permission, shown),
    can: ({ permissions }, permission) => permissions.has(permission),
    mayGive: ({ role }, given) => roles.mayGive(role ?? '', given),
    forOrganization: (scope) => forOrganization(runtime.orm, scope),
    acrossOrganizations: (reason) => acrossOrganizations(runtime.orm, reason),
    getOrganizationEntrance: async (args) => requireEntrance(visitOf(edge, args)),
    logInAgain: async (args) => logInAgain(visitOf(edge, args)),
    async getOrganizationPolicy(args) {
      const { found } = await requireMembership(visitOf(edge, args))
      const organizationId = found.organization.id
      return orThrow(
        args,
        await look(args, (rt, caller) => getOrganizationPolicy(rt, caller, { organizationId })),
      ).policy
    },
    async listPolicyHits(args, input) {
      const { organization } = await requirePermission(visitOf(edge, args), 'organization:policy')
      const asked = { ...input, organizationId: organization.id }
      return orThrow(args, await look(args, (rt, caller) => listPolicyHits(rt, caller, asked)))
    },
    updateOrganizationPolicy: (args, { shown, ...policy }) =>
      inSpiteOfPolicy(args, { shown }, (rt, caller, organizationId) =>
        updateOrganizationPolicy(rt, caller, { ...policy, organizationId }),
      ),
    listOrganizations: (args) => look(args, listOrganizations),
    createOrganization: (args, input) => act(args, (rt, caller) => createOrganization(rt, caller, input)),
    scheduleOrganizationDeletion: (args, { shown = null, confirmation }) =>
      within(args, { shown }, (rt, caller, organizationId) =>
        scheduleOrganizationDeletion(rt, caller, { organizationId, confirmation }),
      ),
    listRestorableOrganizations: (args) => look(args, listRestorableOrganizations),
    restoreOrganization: async (args, input) =>
      orThrow(args, await act(args, (rt, caller) => restoreOrganization(rt, caller, input))),
    switchOrganization: async (args, input) =>
      orThrow(args, await act(args, (rt, caller) => switchOrganization(rt, caller, input))),
    renameOrganization: (args, { shown, name }) =>
      within(args, { shown }, (rt, caller, organizationId) =>
        renameOrganization(rt, caller, { organizationId, name }),
      ),
    changeOrganizationSlug: (args, { shown, slug }) =>
      within(args, { shown }, (rt, caller, organizationId) =>
        changeOrganizationSlug(rt, caller, { organizationId, slug }),
      ),
    leaveOrganization: (args, { shown } = {}) =>
      inSpiteOfPolicy(args, { shown }, (rt, caller, organizationId) =>
        leaveOrganization(rt, caller, { organizationId }),
      ),
    transferOrganization: (args, { shown, memberId, confirmation }) =>
      within(args, { shown }, (rt, caller, organizationId) =>
        transferOrganization(rt, caller, { organizationId, memberId, confirmation }),
      ),
    async getOrganizationTransfer(args) {
      const { organization } = await requirePermission(visitOf(edge, args), 'members:read')
      const asked = { organizationId: organization.id }
      return orThrow(args, await look(args, (rt, caller) => getOrganizationTransfer(rt, caller, asked)))
        .transfer
    },
    getOrganizationTransferByToken: (args, token) =>
      look(args, (rt, caller) => getOrganizationTransferByToken(rt, caller, token)),
    undoOrganizationTransfer: (args, input) =>
      act(args, (rt, caller) => undoOrganizationTransfer(rt, caller, input)),
    async listMembers(args, input = {}) {
      const { organization } = await requirePermission(visitOf(edge, args), 'members:read')
      const organizationId = organization.id
      return orThrow(
        args,
        await look(args, (rt, caller) => listMembers(rt, caller, { ...input, organizationId })),
      )
    },
    async listOrganizationEvents(args, input = {}) {
      const { organization } = await requirePermission(visitOf(edge, args), 'audit:read')
      const asked = { ...input, organizationId: organization.id }
      return orThrow(args, await look(args, (rt, caller) => listOrganizationEvents(rt, caller, asked)))
    },
    changeMemberRole: (args, { shown, memberId, role }) =>
      within(args, { shown }, (rt, caller, organizationId) =>
        changeMemberRole(rt, caller, { organizationId, memberId, role }),
      ),
    removeMember: (args, { shown, memberId }) =>
      within(args, { shown }, (rt, caller, organizationId) =>
        removeMember(rt, caller, { organizationId, memberId }),
      ),
    inviteMembers: (args, { shown, ...input }) =>
      within(args, { shown }, (rt, caller, organizationId) =>
        inviteMembers(rt, caller, { ...input, organizationId }),
      ),
    async listInvitations(args) {
      const { organization } = await requirePermission(visitOf(edge, args), 'members:invite')
      const organizationId = organization.id
      const listed = await look(args, (rt, caller) => listInvitations(rt, caller, { organizationId }))
      return orThrow(args, listed).invitations
    },
    resendInvitation: (args, { shown, invitationId }) =>
      within(args, { shown }, (rt, caller, organizationId) =>
        resendInvitation(rt, caller, { organizationId, invitationId }),
      ),
    revokeInvitation: (args, { shown, invitationId }) =>
      within(args, { shown }, (rt, caller, organizationId) =>
        revokeInvitation(rt, caller, { organizationId, invitationId }),
      ),
    async listDomains(args) {
      const { organization } = await requirePermission(visitOf(edge, args), 'domains:manage')
      const organizationId = organization.id
      const { domains, isFull } = orThrow(
        args,
        await look(args, (rt, caller) => listDomains(rt, caller, { organizationId })),
      )
      return { domains, isFull }
    },
    addDomain: (args, { shown, ...input }) =>
      within(args, { shown }, (rt, caller, organizationId) =>
        addDomain(rt, caller, { ...input, organizationId }),
      ),
    removeDomain: (args, { shown, domainId }) =>
      within(args, { shown }, (rt, caller, organizationId) =>
        removeDomain(rt, caller, { organizationId, domainId }),
      ),
    checkDomain: (args, { shown, domainId }) =>
      within(args, { shown }, (rt, caller, organizationId) =>
        checkDomain(rt, caller, { organizationId, domainId }),
      ),
    listDomainOffers: (args) => look(args, listDomainOffers),
    joinByDomain: (args, input) => act(args, (rt, caller) => joinByDomain(rt, caller, input)),
    setSeatLimit: (input) => setSeatLimit(runtime, input),
    getInvitationByToken: (args, token) =>
      look(args, (rt, caller) => getInvitationByToken(rt, caller, token)),
    acceptInvitation: (args, input) => act(args, (rt, caller) => acceptInvitation(rt, caller, input)),
    registerByInvitation: (args, input, options) =>
      answer(
        args,
        (rt, caller) => registerByInvitation(rt, caller, input, options),
        (visit, result) => answerSignIn(visit, result, `${listPath}/${result.slug}`),
      ),
    listOwnInvitations: (args) => look(args, listOwnInvitations),
    acceptOwnInvitation: (args, input) => act(args, (rt, caller) => acceptOwnInvitation(rt, caller, input)),
    declineOwnInvitation: (args, input) => act(args, (rt, caller) => declineOwnInvitation(rt, caller, input)),
    declineInvitation: (args, input) => act(args, (rt, caller) => declineInvitation(rt, caller, input)),
  }
}

function isReason(result: unknown, reason: Thrown['reason']): boolean {
  return typeof result === 'object' && result !== null && 'reason' in result && result.reason === reason
}

function isAnswer<Result>(result: Result): result is Answer<Result> {
  return !thrown.some((reason) => isReason(result, reason))
}

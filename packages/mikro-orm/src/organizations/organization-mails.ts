import type { AreaLinkMail, AreaNotice, AreaPlainNotice, Said } from '../areas/area.ts'
import type {
  MemberFacts,
  OrganizationLinkMail,
  OrganizationMail,
  OrganizationNotice,
  OrganizationPlainNotice,
} from './mail-facts.ts'
import { isPolicyMethod, type PolicyLack } from './organization-policy.ts'
import { toMailText } from '../mail/mail-text.ts'
import type { PlainNoticeProps } from '../mail/notice-facts.ts'

export const organizationLinkMails = {
  organizationInvitation: { purpose: 'invitation', staysOverLogIn: true },
  organizationTransferred: { purpose: 'transfer', staysOverLogIn: false },
} as const satisfies Record<OrganizationLinkMail, AreaLinkMail>

export const organizationNotices = {
  organizationDeletionScheduled: {
    describe(notice, _, cause) {
      const deleteAfter = instant(cause['deleteAfter'])
      const days = Math.round((deleteAfter.getTime() - notice.occurredAt.getTime()) / DAY_MILLISECONDS)
      const notMeDays = Math.max(notice.notMeDays, days)
      return {
        ...notice,
        notMeDays,
        organization: nameIn(cause),
        deleteAfter,
        organizationsUrl: text(cause['organizationsUrl']),
      }
    },
  },
} satisfies Record<OrganizationNotice, AreaNotice>

export const organizationPlainNotices = {
  organizationToBeDeleted: {
    isToOthers: true,
    describe: (notice, _, cause) => ({
      ...notice,
      organization: nameIn(cause),
      deleteAfter: instant(cause['deleteAfter']),
      organizationsUrl: text(cause['organizationsUrl']) || null,
    }),
  },
  organizationPolicyChanged: {
    isToOthers: true,
    describe: (notice, _, { lacks, methods, secondFactorFrom, ...cause }) => ({
      ...notice,
      organization: nameIn(cause),
      organizationUrl: text(cause['organizationUrl']),
      lacks: list(lacks).filter(isLack),
      secondFactorFrom: typeof secondFactorFrom === 'string' ? new Date(secondFactorFrom) : null,
      methods: list(methods).filter(isPolicyMethod),
    }),
  },
  memberAdded: {
    describe: (notice, { role }, cause) => ({
      ...describeMember(notice, role, cause),
      organizationUrl: text(cause['organizationUrl']),
    }),
  },
  memberRoleChanged: {
    describe: (notice, { role, formerRole }, cause) => ({
      ...describeMember(notice, role, cause),
      formerRole: text(formerRole),
      organizationUrl: text(cause['organizationUrl']),
    }),
  },
  memberRemoved: {
    describe: (notice, { formerRole }, cause) => describeMember(notice, formerRole, cause),
  },
  domainLost: {
    describe: (notice, { domain }, cause) => ({
      ...notice,
      organization: nameIn(cause),
      domain: text(domain),
      organizationUrl: text(cause['organizationUrl']),
    }),
  },
} satisfies Record<OrganizationPlainNotice, AreaPlainNotice>

const DAY_MILLISECONDS = 86_400_000

/** Every email of the area. */
export const organizationMails: readonly OrganizationMail[] = [
  'organizationDeletionScheduled',
  'organizationToBeDeleted',
  'organizationPolicyChanged',
  'memberAdded',
  'memberRoleChanged',
  'memberRemoved',
  'domainLost',
  'organizationInvitation',
  'organizationTransferred',
]

function describeMember(
  notice: PlainNoticeProps,
  role: unknown,
  cause: Said,
): PlainNoticeProps & MemberFacts {
  return { ...notice, organization: nameIn(cause), role: text(role) }
}

/** As it may stand in an email: its slug where a mail client would make a link of its name. */
export function nameIn({ organization, slug }: Said): string {
  return toMailText(text(organization)) ?? text(slug)
}

function instant(value: unknown): Date {
  return new Date(text(value))
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function isLack(value: unknown): value is PolicyLack {
  return value === 'second-factor' || value === 'method'
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

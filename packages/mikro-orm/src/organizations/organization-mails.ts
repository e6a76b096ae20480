import type { AreaLinkMail, AreaPlainNotice, Said } from '../areas/area.ts'
import type {
  MemberFacts,
  OrganizationLinkMail,
  OrganizationMailFacts,
  OrganizationPlainNotice,
} from './mail-facts.ts'
import { toMailText } from '../mail/mail-text.ts'
import type { PlainNoticeProps } from '../mail/notice-facts.ts'

export const organizationLinkMails = {
  organizationInvitation: { purpose: 'invitation', staysOverLogIn: true },
  organizationTransferred: { purpose: 'transfer', staysOverLogIn: false },
} as const satisfies Record<OrganizationLinkMail, AreaLinkMail>

export const organizationNotices = {
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
} satisfies Record<OrganizationPlainNotice, AreaPlainNotice>

/** Every email of the area. */
export const organizationMails: readonly (keyof OrganizationMailFacts)[] = [
  'memberAdded',
  'memberRoleChanged',
  'memberRemoved',
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

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

import type { MailProps } from '@sigra/worker'
import type { NoticeWords } from '../../accounts/emails/notice-words.ts'
import { roleName, words } from '../words.ts'

/** What emails say about organizations. */
export const organizations = {
  mails: {
    memberAdded: ({ appName, organization, role, organizationUrl }: MailProps['memberAdded']) => ({
      subject: `You’re now in an organization at ${appName}`,
      title: `You’re now in “${organization}”`,
      text: [`Your account at ${appName} is now in “${organization}”, as: ${roleName(role)}.`],
      action: { label: 'Open the organization', href: organizationUrl },
    }),

    memberRoleChanged: ({
      appName,
      organization,
      role,
      formerRole,
      organizationUrl,
    }: MailProps['memberRoleChanged']) => ({
      subject: `Your role in an organization at ${appName} changed`,
      title: `Your role in “${organization}” changed`,
      text: [
        `In “${organization}” at ${appName}, your role is now: ${roleName(role)}. Before: ${roleName(formerRole)}.`,
      ],
      action: { label: 'Open the organization', href: organizationUrl },
    }),

    memberRemoved: ({ appName, organization }: MailProps['memberRemoved']) => ({
      subject: `You’re no longer in an organization at ${appName}`,
      title: `You’re no longer in “${organization}”`,
      text: [
        `You were removed from “${organization}” at ${appName}. Your account stays as it is, and so do your other organizations.`,
      ],
    }),

    organizationDeletionScheduled: ({
      appName,
      organization,
      deleteAfter,
      organizationsUrl,
    }: MailProps['organizationDeletionScheduled']): NoticeWords => ({
      subject: `An organization at ${appName} will be deleted`,
      title: `“${organization}” will be deleted`,
      preview: `You can restore it until ${day(deleteAfter)}.`,
      text: [
        `Someone who was logged in to your account at ${appName} asked us to delete “${organization}”. Nobody can open it any more.`,
        `Until ${day(deleteAfter)}, you can restore it. After that, it’s gone for good.`,
      ],
      action: { label: 'See your organizations', href: organizationsUrl },
      undoes:
        'It restores the organization, removes what was added to your account recently, logs out every browser, removes your password and emails you a link to choose a new one.',
    }),

    organizationToBeDeleted: ({
      appName,
      organization,
      deleteAfter,
      organizationsUrl,
    }: MailProps['organizationToBeDeleted']) => ({
      subject: `An organization at ${appName} will be deleted`,
      title: `“${organization}” will be deleted`,
      text: organizationsUrl
        ? [
            `One of its owners asked us to delete “${organization}” at ${appName}. Nobody can open it any more.`,
            `You own it, too: until ${day(deleteAfter)}, you can restore it. After that, it’s gone for good.`,
          ]
        : [
            `One of its owners asked us to delete “${organization}” at ${appName}. You can’t open it any more.`,
            `Until ${day(deleteAfter)}, its owners can restore it. After that, it’s gone for good. Your account stays as it is.`,
          ],
      ...(organizationsUrl && { action: { label: 'See your organizations', href: organizationsUrl } }),
    }),

    organizationPolicyChanged: ({
      appName,
      organization,
      organizationUrl,
      lacks,
      secondFactorFrom,
      methods,
      occurredAt,
    }: MailProps['organizationPolicyChanged']) => {
      const isLater = secondFactorFrom !== null && secondFactorFrom > occurredAt
      const asked = {
        'second-factor': isLater
          ? `From ${day(secondFactorFrom)}, you need two-step verification to work there. Turn it on before then.`
          : 'You need two-step verification to work there. Turn it on to come back in.',
        method: `You need to log in there by one of these: ${ways(methods)}. None of them is set up for your account.`,
      }
      return {
        subject: `An organization at ${appName} asks for more`,
        title: `“${organization}” asks for more`,
        text: [
          `“${organization}” at ${appName} has a new log-in policy.`,
          ...lacks.map((lack) => asked[lack]),
        ],
        action: { label: 'See what to do', href: organizationUrl },
      }
    },

    domainLost: ({ appName, organization, domain, organizationUrl }: MailProps['domainLost']) => ({
      subject: `A domain of your organization at ${appName} is no longer proven`,
      title: `“${domain}” is no longer proven`,
      text: [
        `We no longer find the DNS record that says that ${domain} belongs to “${organization}” at ${appName}. Nobody can join by an email address there until it’s back.`,
        'Everyone who is a member stays one. If you no longer use this domain, remove it.',
      ],
      action: { label: 'Open the organization', href: organizationUrl },
    }),

    organizationTransferred: ({
      appName,
      organization,
      from,
      to,
      reader,
      undoUntil,
    }: MailProps['organizationTransferred']) => {
      const giver = from ?? 'Someone'
      const receiver = to ?? 'someone'
      const what = `“${organization}” at ${appName}`
      const done = {
        giver: `You handed over ${what} to ${receiver}, who owns it now.`,
        receiver: `${giver} handed over ${what} to you. You own it now.`,
        owner: `${giver} handed over ${what} to ${receiver}. You still own it, too.`,
      }
      const again = reader === 'giver' ? 'you own it again' : `${from ?? 'whoever had it'} owns it again`
      return {
        subject: `An organization at ${appName} was handed over`,
        title: `“${organization}” was handed over`,
        text: `${done[reader]} If you undo that by ${day(undoUntil)}, ${again}.`,
        button: 'Undo it',
        ifRight:
          reader === 'giver'
            ? 'If that’s right, ignore this email. If it wasn’t you, undo it and choose a new password: someone may know yours.'
            : 'If that’s right, ignore this email.',
      }
    },

    // Whoever made the organization chose its name: it stands in quotation marks, and a name with a link is refused.
    organizationInvitation: ({
      appName,
      organization,
      role,
      invitedBy,
      days,
    }: MailProps['organizationInvitation']) => ({
      subject: `You’re invited to an organization at ${appName}`,
      title: `Join “${organization}”`,
      preview: `The invitation works for ${days} days.`,
      text: [
        `${invitedBy ?? 'Someone'} invites you to work in “${organization}” at ${appName}, as: ${roleName(role)}.`,
        `The invitation works for ${days} days, and for this email address only.`,
      ],
      button: 'See the invitation',
      ifNotYou: 'If you don’t want to join, ignore this email, or open the invitation and decline it.',
    }),
  },
}

function ways(methods: MailProps['organizationPolicyChanged']['methods']): string {
  const { methodNames } = words.policy
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(methods.map((each) => methodNames[each]))
}

function day(date: Date): string {
  return new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(date)
}

// sigra:file organizations
import type { MailProps } from '@sigra/worker'
import { roleName } from '../words.ts'

/** What emails say about organizations. */
export const organizations = {
  mails: {
    memberAdded: ({ appName, organization, role }: MailProps['memberAdded']) => ({
      subject: `You’re now in an organization at ${appName}`,
      title: `You’re now in “${organization}”`,
      text: [`Your account at ${appName} is now in “${organization}”, as: ${roleName(role)}.`],
      button: 'Open the organization',
    }),

    memberRoleChanged: ({ appName, organization, role, formerRole }: MailProps['memberRoleChanged']) => ({
      subject: `Your role in an organization at ${appName} changed`,
      title: `Your role in “${organization}” changed`,
      text: [
        `In “${organization}” at ${appName}, your role is now: ${roleName(role)}. Before: ${roleName(formerRole)}.`,
      ],
      button: 'Open the organization',
    }),

    memberRemoved: ({ appName, organization }: MailProps['memberRemoved']) => ({
      subject: `You’re no longer in an organization at ${appName}`,
      title: `You’re no longer in “${organization}”`,
      text: [
        `You were removed from “${organization}” at ${appName}. Your account stays as it is, and so do your other organizations.`,
      ],
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

function day(date: Date): string {
  return new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(date)
}

import type { MailProps } from '@sigra/worker'
import type { NoticeWords } from '../../accounts/emails/notice-words.ts'

/** What emails say about passkeys. */
export const passkeys = {
  notices: {
    // Whoever added a passkey typed its name: it stands in quotation marks, and a name with a link is refused.
    passkeyAdded: ({ appName, nickname }: MailProps['passkeyAdded']): NoticeWords => ({
      subject: `A passkey was added to your account at ${appName}`,
      title: 'A passkey was added',
      text: [
        `Your account at ${appName} has a new passkey${nickname ? `, named “${nickname}”` : ''}. Anyone who holds it can log in.`,
      ],
      undoes:
        'It removes this passkey, logs out every browser, removes your password and emails you a link to choose a new one.',
    }),

    passkeyRemoved: ({ appName, nickname }: MailProps['passkeyRemoved']): NoticeWords => ({
      subject: `A passkey was removed from your account at ${appName}`,
      title: 'A passkey was removed',
      text: [
        nickname
          ? `The passkey “${nickname}” no longer works for your account at ${appName}.`
          : `One of your passkeys no longer works for your account at ${appName}.`,
      ],
    }),

    passkeyCopied: ({ appName, nickname }: MailProps['passkeyCopied']): NoticeWords => ({
      subject: `A passkey of your account at ${appName} may have been copied`,
      title: 'We refused one of your passkeys',
      text: [
        `Someone used ${nickname ? `the passkey “${nickname}”` : 'one of your passkeys'} in a way that suggests there is a copy of it. They did not get in.`,
        'If this happens again, remove the passkey in your settings and add a new one.',
      ],
      undoes:
        'It removes this passkey, logs out every browser, removes your password and emails you a link to choose a new one.',
    }),
  },

  /** In the email about a secured account. */
  removals: { passkey: 'We removed the passkey in question.' },

  /** After too many wrong codes. */
  howToLift: 'log in with a passkey',
}

import type { BrowserNames, MailProps } from '@sigra/worker'
import { organizations } from '../../organizations/emails/words.ts'
import { passkeys } from '../../passkeys/emails/words.ts'
import type { NoticeWords } from './notice-words.ts'

/** Every sentence of every mail. */
export const words = {
  /** What several mails say. */
  common: {
    greeting: (name: string) => `Hello ${name},`,
    footer: (appName: string) => `${appName} sent this email about your account.`,
    otherwise: 'If the button doesn’t work, open this link:',
    when: 'When',
    since: 'Since',
    browser: 'Browser',
    address: 'IP address',
    unknownAddress: 'unknown',
    instant: (dateAndTime: string) => `${dateAndTime} UTC`,
    browserName: ({ name, system }: BrowserNames) => {
      if (name && system) return `${name} on ${system}`
      return name ?? (system ? `A browser on ${system}` : 'An unknown browser')
    },
    wasYou: 'If this was you, you don’t need to do anything.',
    wasNotYou: 'If it wasn’t you, use this link:',
    notMe: 'This wasn’t me',
    undoes: 'It logs out every browser, removes your password and emails you a link to choose a new one.',
    asksFirst: (days: number) =>
      `We’ll ask you to confirm first. The link works for ${days === 1 ? 'one day' : `${days} days`}.`,
  },

  confirmAddress: ({ appName, linkHours, codeMinutes }: MailProps['confirmAddress']) => ({
    subject: `Confirm your email address for ${appName}`,
    title: 'Confirm your email address',
    preview: 'Your link and code to finish registering.',
    text: `You (or someone else) registered at ${appName} with this email address. Confirm that it’s yours within ${linkHours} hours. The link works once.`,
    button: 'Confirm email address',
    codeIntro: `Or enter this code in the browser where you registered. It works for ${codeMinutes} minutes.`,
    ifNotYou:
      'If you didn’t register, you can ignore this email. Or open the link and choose “I didn’t register”, and we’ll remove the registration.',
  }),

  alreadyRegistered: ({ appName }: MailProps['alreadyRegistered']) => ({
    subject: `You already have an account at ${appName}`,
    title: 'You already have an account',
    preview: 'You can log in with this email address.',
    text: `You (or someone else) tried to register at ${appName} with this email address. It already has an account, so nothing has changed.`,
    button: 'Log in',
    forgot: 'Forgot your password?',
    reset: 'Choose a new one',
    ifNotYou:
      'If it wasn’t you, you don’t need to do anything. Whoever tried did not learn from us that you have an account.',
  }),

  changeEmail: ({ appName, linkHours, codeMinutes }: MailProps['changeEmail']) => ({
    subject: `Confirm your new email address for ${appName}`,
    title: 'Confirm your new email address',
    preview: 'Your link and code to change your email address.',
    text: `You (or someone else) asked to use this email address for an account at ${appName}. Confirm the change within ${linkHours} hours. The link works once, and only where you’re logged in to that account.`,
    button: 'Change email address',
    codeIntro: `Or enter this code in the browser where you asked for the change. It works for ${codeMinutes} minutes.`,
    ifNotYou: 'If you didn’t ask for this, ignore this email. Don’t share the code: we never ask for it.',
  }),

  addressInUse: ({ appName }: MailProps['addressInUse']) => ({
    subject: `This email address already has an account at ${appName}`,
    title: 'You already have an account',
    preview: 'Nothing has changed.',
    text: `You (or someone else) asked to use this email address for another account at ${appName}. It already has one, so nothing has changed.`,
    button: 'Log in',
    forgot: 'Forgot your password?',
    reset: 'Choose a new one',
    ifNotYou:
      'If it wasn’t you, you don’t need to do anything. Whoever asked did not learn from us that you have an account.',
  }),

  magicLink: ({ appName, minutes }: MailProps['magicLink']) => ({
    subject: `Your magic link to log in to ${appName}`,
    title: `Log in to ${appName}`,
    preview: `The link and the code work for ${minutes} minutes.`,
    text: `You (or someone else) asked to log in with this email address. The link works once, within ${minutes} minutes. A newer one replaces it.`,
    button: 'Log in',
    codeIntro: 'Or enter this code in the browser where you asked for it:',
    ifNotYou:
      'If you didn’t ask for this, ignore this email. Don’t share the code: we never ask for it by phone, chat or email.',
  }),

  resetPassword: ({ appName, minutes }: MailProps['resetPassword']) => ({
    subject: `Choose a new password for ${appName}`,
    title: 'Choose a new password',
    preview: `The link works for ${minutes} minutes.`,
    text: [
      `You (or someone else) asked for a new password for your account at ${appName}, or registered again before confirming this email address.`,
      `The link works once, within ${minutes} minutes. It confirms your email address too. A newer one replaces it.`,
    ],
    button: 'Choose a new password',
    ifNotYou: 'If you didn’t ask for this, ignore this email. Your password stays the same.',
  }),

  sudoCode: ({ appName, minutes }: MailProps['sudoCode']) => ({
    subject: `Your code for ${appName}`,
    title: 'Confirm it’s you',
    preview: `The code works for ${minutes} minutes.`,
    text: `You’re about to change something important in your account at ${appName}. Enter this code in the same browser within ${minutes} minutes:`,
    ifNotYou:
      'If this wasn’t you, someone else is logged in to your account. Don’t share the code, and log everyone out:',
    reset: 'Choose a new password',
  }),

  passwordChanged: ({ appName }: MailProps['passwordChanged']): NoticeWords => ({
    subject: `Your password for ${appName} was changed`,
    title: 'Your password was changed',
    text: [`Your account at ${appName} has a new password. All other browsers were logged out.`],
  }),

  passwordSet: ({ appName }: MailProps['passwordSet']): NoticeWords => ({
    subject: `Your account at ${appName} has a password now`,
    title: 'A password was set',
    text: [`Your account at ${appName} had no password. It has one now, and anyone who knows it can log in.`],
  }),

  addressConfirmed: ({ appName }: MailProps['addressConfirmed']): NoticeWords => ({
    subject: `Your email address for ${appName} is confirmed`,
    title: 'Your email address is confirmed',
    preview: 'You can log in now.',
    text: [`This email address now belongs to an account at ${appName}. You can log in with it.`],
  }),

  newSignIn: ({ appName }: MailProps['newSignIn']): NoticeWords => ({
    subject: `New log-in to your account at ${appName}`,
    title: 'New log-in',
    text: [`Someone logged in to your account at ${appName} in a browser you haven’t used before.`],
  }),

  secondFactorAdded: ({ appName, removableHours }: MailProps['secondFactorAdded']): NoticeWords => ({
    subject: `Two-step verification is on at ${appName}`,
    title: 'Two-step verification is on',
    text: [
      `Logging in to your account at ${appName} now takes a second step. If you lose access to it, use a backup code.`,
    ],
    undoes: `It logs out every browser, removes your password and emails you a link to choose a new one. Within ${removableHours} hours, it also removes an authenticator app that was just added.`,
  }),

  secondFactorRemoved: ({ appName }: MailProps['secondFactorRemoved']): NoticeWords => ({
    subject: `A second step was turned off at ${appName}`,
    title: 'A second step was turned off',
    text: [
      `A second step for logging in to your account at ${appName} was turned off. If it was your only one, logging in no longer takes a second step.`,
    ],
  }),

  secondFactorBlocked: ({ appName, isRefused }: MailProps['secondFactorBlocked']): NoticeWords => ({
    subject: `Wrong codes for your account at ${appName}`,
    title: isRefused ? 'We’ve turned off codes' : 'Someone is entering wrong codes',
    preview: 'Someone passed the first step of logging in.',
    text: [
      `Someone passed the first step of logging in to your account at ${appName}, then entered one wrong code after another. They did not get in, but may know your password or read your email.`,
      isRefused
        ? `Codes from your authenticator app and backup codes no longer work. To turn them on again, ${waysToLift.join(' or ')}.`
        : 'After each further wrong code, you have to wait longer before you can enter another.',
    ],
  }),

  trustedBrowserCopied: ({ appName }: MailProps['trustedBrowserCopied']): NoticeWords => ({
    subject: `A trusted browser of your account at ${appName} may have been copied`,
    title: 'We no longer trust one of your browsers',
    text: [
      `Someone passed the first step of logging in to your account at ${appName} in what looks like an old copy of one of your trusted browsers. We no longer trust that browser, so whoever uses it has to pass the second step again.`,
      'This can also happen when a browser is restored from a backup.',
    ],
  }),

  backupCodeUsed: ({ appName, codesLeft }: MailProps['backupCodeUsed']): NoticeWords => ({
    subject: `A backup code was used at ${appName}`,
    title: 'A backup code was used',
    preview: `You have ${countCodes(codesLeft)} left.`,
    text: [
      `One of the backup codes of your account at ${appName} was used instead of the usual second step. It won’t work again.`,
      codesLeft > FEW_CODES
        ? `You have ${countCodes(codesLeft)} left.`
        : `You have ${countCodes(codesLeft)} left. Get new ones in your settings soon.`,
    ],
  }),

  backupCodesReplaced: ({ appName }: MailProps['backupCodesReplaced']): NoticeWords => ({
    subject: `You have new backup codes for ${appName}`,
    title: 'You have new backup codes',
    text: [`Your account at ${appName} has new backup codes. The old ones no longer work.`],
  }),

  sudoRecovery: ({ appName }: MailProps['sudoRecovery']): NoticeWords => ({
    subject: `A backup code was used to change how you log in to ${appName}`,
    title: 'Someone is changing your two-step verification',
    text: [
      `Someone who is logged in to your account at ${appName} said they lost access to the second step. They confirmed with a backup code and the password or an emailed code.`,
      'They can now turn two-step verification off or set it up again, and nothing else.',
    ],
  }),

  dataExported: ({ appName }: MailProps['dataExported']): NoticeWords => ({
    subject: `Your data was downloaded from ${appName}`,
    title: 'Your data was downloaded',
    text: [`Someone who is logged in to your account at ${appName} downloaded what we keep about it.`],
  }),

  emailChangeRequested: ({
    appName,
    maskedEmail,
    approveUrl,
  }: MailProps['emailChangeRequested']): NoticeWords => ({
    subject: `Someone asked to change your email address at ${appName}`,
    title: 'A new email address for your account',
    text: [
      `Someone who is logged in to your account at ${appName} asked to change its email address to ${maskedEmail}.`,
      approveUrl === null
        ? 'It changes as soon as they confirm it with the email we sent there.'
        : 'It changes only after you approve it, and they confirm it with the email we sent there.',
    ],
    ...(approveUrl === null
      ? {}
      : {
          preview: 'It changes only after you approve it.',
          action: { label: 'Review the change', href: approveUrl },
          wasYou:
            'If this was you, review the change and approve it. Until then, your email address stays the same.',
        }),
    undoes:
      'It cancels the change, logs out every browser, removes your password and emails you a link to choose a new one.',
  }),

  emailChanged: ({ appName, maskedEmail, undoDays }: MailProps['emailChanged']): NoticeWords => ({
    subject: `Your email address at ${appName} was changed`,
    title: 'Your email address was changed',
    text: [
      `Your account at ${appName} now has the email address ${maskedEmail}. All other browsers were logged out.`,
      `For ${undoDays} days, nobody else can use this address, and you can get it back.`,
    ],
    undoes:
      'It gives your account this address back, removes your password and whatever was added recently, logs out every browser and emails you a link to choose a new password.',
  }),
  deletionScheduled: ({ appName, deleteAfter, logInUrl }: MailProps['deletionScheduled']): NoticeWords => ({
    subject: `Your account at ${appName} will be deleted`,
    title: 'Your account will be deleted',
    preview: `You can keep it until ${day(deleteAfter)}.`,
    text: [
      `Someone who was logged in to your account at ${appName} asked us to delete it. All browsers were logged out.`,
      `Until ${day(deleteAfter)}, you can log in to keep your account. After that, it’s gone for good.`,
    ],
    action: { label: 'Log in to keep it', href: logInUrl },
    undoes:
      'It keeps your account, removes what was added to it recently, logs out every browser, removes your password and emails you a link to choose a new one.',
  }),

  deletionReminder: ({ appName, deleteAfter, logInUrl }: MailProps['deletionReminder']): NoticeWords => ({
    subject: `Your account at ${appName} will be deleted soon`,
    title: 'Your account will be deleted soon',
    preview: `You can keep it until ${day(deleteAfter)}.`,
    text: [
      `Someone who was logged in to your account at ${appName} asked us to delete it. We will, after ${day(deleteAfter)}.`,
      'Until then, you can log in to keep your account. After that, it’s gone for good.',
    ],
    action: { label: 'Log in to keep it', href: logInUrl },
    undoes:
      'It keeps your account, removes what was added to it recently, logs out every browser, removes your password and emails you a link to choose a new one.',
  }),

  deletionCancelled: ({ appName }: MailProps['deletionCancelled']): NoticeWords => ({
    subject: `Your account at ${appName} is kept`,
    title: 'Your account is kept',
    text: [`Someone logged in to your account at ${appName} and kept it. It will no longer be deleted.`],
  }),

  disputed: ({ appName }: MailProps['disputed']): NoticeWords => ({
    subject: `You told us about activity you don’t recognize at ${appName}`,
    title: 'Was this you?',
    preview: 'Secure your account if it wasn’t you.',
    text: [
      `Someone who is logged in to your account at ${appName} told us that they don’t recognize something that was done there. Below is when it was done, and from where. Nothing has changed yet.`,
      'If you didn’t tell us this yourself, someone else is logged in to your account. Use the link in that case, too.',
    ],
    wasYou: 'If you did it after all, you don’t need to do anything.',
  }),

  ...passkeys.notices,

  ...organizations.mails,

  emailIsNow: ({ appName }: MailProps['emailIsNow']) => ({
    subject: `This is your email address at ${appName} now`,
    title: 'Your email address was changed',
    preview: 'You log in with it from now on.',
    text: [`Your account at ${appName} now has this email address. All other browsers were logged out.`],
  }),

  emailLeft: ({ appName }: MailProps['emailLeft']) => ({
    subject: `This is no longer your email address at ${appName}`,
    title: 'Your email address was changed',
    preview: 'We no longer send emails about your account here.',
    text: [
      `Your account at ${appName} has another email address now. We no longer send emails about it here, and the change can’t be undone from this mailbox.`,
    ],
  }),

  signInBlocked: ({ appName }: MailProps['signInBlocked']) => ({
    subject: `We blocked log-in attempts at ${appName}`,
    title: 'We blocked log-in attempts',
    preview: 'Someone entered too many wrong passwords.',
    text: `Someone entered too many wrong passwords for your account at ${appName}, in browsers you haven’t used before. Such browsers can no longer log in with the password. The browsers you have used still can.`,
    next: 'To lift the block, choose a new password. A long one that you use nowhere else is best.',
    button: 'Choose a new password',
    ifNotYou:
      'They did not get in, and nothing in your account has changed. If it wasn’t you, you don’t need to do anything.',
  }),

  codesBlocked: ({ appName }: MailProps['codesBlocked']) => ({
    subject: `We’ve turned off 6-digit email codes for your account at ${appName}`,
    title: 'We’ve turned off 6-digit email codes',
    preview: 'Someone entered too many wrong codes.',
    text: `Someone entered too many wrong codes for your account at ${appName}, so we’ve turned off 6-digit email codes for it. The links in our emails still work.`,
    next: 'Codes work again after you log in, use a link from one of our emails or choose a new password.',
    button: 'Choose a new password',
    ifNotYou:
      'They did not get in, and nothing in your account has changed. If it wasn’t you, you don’t need to do anything.',
  }),

  accountDeleted: ({ appName }: MailProps['accountDeleted']) => ({
    subject: `Your account at ${appName} is deleted`,
    title: 'Your account is deleted',
    preview: 'This is our last email about it.',
    text: [
      `We deleted your account at ${appName}, as you (or someone else) had asked. The time to keep it is over, and we can’t bring it back.`,
      'Nobody can log in to it any more. This is our last email about it.',
    ],
  }),

  notMeDone: ({ appName, removed, isAddressRestored, isDeletionCancelled }: MailProps['notMeDone']) => ({
    subject: `We secured your account at ${appName}`,
    title: 'Your account is secured',
    preview: 'You’re logged out everywhere. Choose a new password to log in again.',
    text: [
      `You told us that something in your account at ${appName} wasn’t you. We logged out every browser, no longer trust any of them, and ended all earlier links to log in or choose a new password.`,
      ...(isAddressRestored ? ['Your account has this email address again.'] : []),
      ...(isDeletionCancelled ? ['Your account will no longer be deleted.'] : []),
      ...sayRemoved(removed),
    ],
    next: 'To log in again, choose a new password. We’ve emailed you a link for that, and you can ask for another one here. Then check your settings for anything you don’t recognize.',
    button: 'Choose a new password',
    ifNotYou:
      'If you didn’t do this, someone else can read your email. Change the password of your mailbox first.',
  }),
}

/** What every language has to say. */
export type MailWords = typeof words

/** What an email about a secured account says of each thing that went. */
const removals = {
  password: 'We removed the password. Nobody can log in with it, not even you.',
  'second-factor': 'We removed the authenticator app that was added, and its backup codes.',
  'backup-codes': 'We removed the backup codes you had then. Get new ones in your settings.',
  ...passkeys.removals,
}

function sayRemoved(removed: readonly string[]): string[] {
  return Object.entries(removals).flatMap(([what, text]) => (removed.includes(what) ? [text] : []))
}

/** How codes that were turned off come back. */
const waysToLift = [passkeys.howToLift, 'contact us']

function day(date: Date): string {
  return new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(date)
}

const FEW_CODES = 3

function countCodes(codes: number): string {
  if (codes === 0) return 'no backup codes'
  return codes === 1 ? 'one backup code' : `${codes} backup codes`
}

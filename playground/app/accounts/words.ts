import type { ReactNode } from 'react'
import type { BrowserNames } from '@sigra/remix'
import type { AccountRefusal, FieldReason, FormReason, SentencesFor } from '@sigra/remix/words'
import type { ActivityWords } from './activity-words.ts'
import type { FlashWords } from './flashes.ts'
import { line, type Mark } from './line.ts'

/** What documents are called, by their name in `app/documents.ts`: `terms: 'Terms of use'`. */
const documentTitles: Readonly<Record<string, string>> = {}

/** What happened, by the name of its event. It may have been somebody else: no sentence says “you”. */
const activities: Readonly<Record<string, ActivityWords>> = {
  'account.consented': { done: 'Accepted documents' },
  'account.exported': { done: 'Downloaded your data' },
  'account.deletion_scheduled': { done: 'Asked for the account to be deleted' },
  'account.deletion_cancelled': { done: 'Kept the account' },
  'auth.register': { done: 'Registered', refused: 'Someone tried to register your email address' },
  'auth.log_in': { done: 'Logged in', waiting: 'Started to log in' },
  'auth.log_in_failed': { refused: 'Someone tried to log in and didn’t get in' },
  'auth.log_out': { done: 'Logged out' },
  'auth.confirm': {
    done: 'Confirmed your email address',
    refused: 'Someone tried to confirm your email address',
  },
  'auth.confirm_requested': { done: 'We emailed you a link to confirm your address' },
  'auth.magic_link_requested': { done: 'We emailed you a magic link' },
  'auth.reset_requested': { done: 'We emailed you a link to choose a new password' },
  'auth.reset_completed': { done: 'Chose a new password with an emailed link' },
  'auth.password_changed': { done: 'Changed the password' },
  'auth.password_set': { done: 'Set a password' },
  'auth.not_me': { done: 'Secured the account with “This wasn’t me”' },
  'auth.email_change_requested': { done: 'Asked to change the email address' },
  'auth.email_change_approved': { done: 'Approved the new email address' },
  'auth.email_change_cancelled': { done: 'Took back the change of the email address' },
  'auth.email_changed': {
    done: 'Changed the email address',
    refused: 'Someone tried to change the email address',
  },
  'auth.email_change_undone': { done: 'Got the former email address back' },
  'session.revoked': { done: 'Logged a browser out' },
  'session.revoked_all': { done: 'Logged browsers out' },
  'session.capped': { done: 'We logged the oldest browsers out: there were too many' },
  'session.sudo': { done: 'Confirmed it’s you', refused: 'Someone tried to confirm that they’re you' },
  'session.sudo_requested': { done: 'We emailed you a code to confirm it’s you' },
  'security.disputed': { done: 'Told us about something they don’t recognize' },
  'security.lockout': { refused: 'We blocked further attempts after too many wrong ones' },
  'security.trust_reused': { refused: 'Someone used an old copy of one of your trusted browsers' },
  'mfa.enrolled': { done: 'Started to set up an authenticator app' },
  'mfa.activated': {
    done: 'Turned two-step verification on',
    refused: 'Someone entered a wrong code to turn two-step verification on',
  },
  'mfa.failed': { refused: 'Someone failed the second step of logging in' },
  'mfa.disabled': { done: 'Turned a second step off' },
  'mfa.codes_regenerated': { done: 'Got new backup codes' },
  'mfa.backup_code_used': { done: 'Used a backup code' },
  'mfa.browser_trusted': { done: 'Trusted a browser' },
  'mfa.unblocked': { done: 'Codes work again' },
}

/** Everything that people read on the pages of accounts. Of the mails: `emails/words.ts`. */
export const words = {
  fields: {
    email: 'Email address',
    password: 'Password',
    currentPassword: 'Current password',
    newPassword: 'New password',
    repeatPassword: 'Repeat the new password',
    newPasswordHint: (minLength: number) => `At least ${minLength} characters.`,
    emailHint: ({ domains }: { domains: readonly string[] }) =>
      domains.length > 0 ? `An address at ${oneOf(domains)}.` : '',
    firstPasswordHint: (minLength: number) =>
      `At least ${minLength} characters. Several random words are easy to remember.`,
    code: 'Code',
    appCode: 'Code from your authenticator app',
    appCodeHint: 'The six digits your authenticator app shows now.',
    mailedCode: 'Code from our email',
    backupCode: 'Backup code',
    backupCodeHint: 'One of the codes you saved. Each works once.',
    rememberMe: 'Remember me',
    trustBrowser: (days: number) => `Trust this browser for ${days} days`,
    show: 'Show',
    hide: 'Hide',
    showPassword: 'Show what you type',
    hidePassword: 'Hide what you type',
  },

  /** What a field says that was left empty. */
  missing: {
    email: 'Enter your email address.',
    password: 'Enter your password.',
    newPassword: 'Choose a password.',
    repeatedPassword: 'Enter the password again.',
    differentPasswords: 'The passwords don’t match.',
    code: 'Enter the six digits.',
    backupCode: 'Enter a backup code.',
  },

  /** What forms say that were not filled in right. */
  form: {
    oneField: 'Check the field below.',
    severalFields: (count: number) => `Check the ${count} fields below.`,
    sendAgainIn: (button: string, seconds: number) => `${button} (${seconds} s)`,
  },

  /** The bar above every page. */
  bar: {
    label: 'Account',
    menu: 'Menu',
    dashboard: 'Dashboard',
    settings: 'Settings',
    logIn: 'Log in',
    logOut: 'Log out',
    register: 'Register',
  },

  register: {
    title: 'Create your account',
    intro: 'All you need is an email address and a password.',
    introInvited: 'You need an invitation. Register with the email address it was sent to.',
    closedTitle: 'Registration is closed',
    closedIntro: 'New accounts can’t be created here at the moment.',
    button: 'Create account',
    /** Beside the form. */
    cover: { title: 'It takes a minute.', text: 'We email you a code to check your address, and you’re in.' },
    logIn: (link: Mark) => line`Already registered? ${link('Log in')}`,
  },

  confirm: {
    title: 'Check your email',
    intro: (bold: Mark, email: string, minutes: number) =>
      line`Open the link in our email to ${bold(email)}, or enter its six-digit code here. The code works for ${inTime(minutes * 60)}.`,
    button: 'Continue',
    wrongAddress: (link: Mark) => line`Wrong address? ${link('Start over')}`,
    sendAgain: (button: Mark) => line`Didn’t get it? ${button('Send a new code')}`,
    askTitle: 'Confirm your email address',
    askIntro: 'We’ll email you a link and a new code.',
    askButton: 'Send a new code',
    wrongCode: 'That code is wrong or has expired.',
  },

  /** Behind the link of the mail. */
  confirmContinue: {
    title: 'Confirm your email address',
    intro: (email: string) => `Confirm that ${email} is your address.`,
    button: 'Confirm email address',
    otherTitle: 'Confirm it’s you',
    otherIntro: (email: string) =>
      `Someone registered ${email} in another browser. If it was you, enter the password you chose there.`,
    passwordHint: 'The password you chose when you registered.',
    newPassword: 'Choose a new password instead',
    newPasswordButton: 'Save and confirm',
    notMine: 'I didn’t register',
    notMineText: 'We’ll remove the registration. You can still register this address later.',
    notMineButton: 'Remove the registration',
    doneTitle: 'Already confirmed',
    doneIntro: 'You’ve confirmed this email address in this browser.',
    doneButton: 'Continue',
    doneLogIn: 'Log in',
    invalid: 'This confirmation link is invalid or has expired.',
    askAgain: 'Send a new link',
  },

  logIn: {
    title: 'Log in',
    button: 'Log in',
    /** Beside the form. */
    cover: {
      title: 'Welcome back.',
      text: 'We email you whenever something important about your account changes.',
    },
    withPassword: 'Use password instead',
    magicLink: 'Email me a magic link',
    forgot: 'Forgot your password?',
    register: (link: Mark) => line`New here? ${link('Register')}`,
    confirm: (link: Mark) => line`Just registered? ${link('Enter the code')} from our email.`,
    confirmFirst: (link: Mark) => line` Just registered? ${link('Confirm your email address first.')}`,
  },

  /** Behind the magic link, and where its code is entered. */
  logInContinue: {
    title: 'Check your email',
    intro: (minutes: number) =>
      `Our email has a link, which works in any browser, and a six-digit code, which works only in this one. Both expire after ${inTime(minutes * 60)}.`,
    again: (link: Mark) => line`Didn’t get it? ${link('Try again')}`,
    button: 'Log in',
    linkTitle: 'Log in',
    linkIntro: (email: string) => `Continue as ${email}.`,
    linkButton: 'Log in',
    switchIntro: (email: string, current: string) =>
      `This link is for ${email}. You’re logged in as ${current}, and continuing switches accounts.`,
    switchButton: 'Switch accounts',
    wrongCode: 'That code is wrong or has expired.',
    invalid: 'This magic link is invalid or has expired.',
    askAgain: 'Get a new link',
  },

  logOut: {
    title: 'Log out?',
    intro: (email: string) => `You’re logged in as ${email}.`,
    button: 'Log out',
    outTitle: 'You’re logged out',
    outIntro: 'Nobody is logged in here.',
    outButton: 'Log in',
  },

  resetPassword: {
    title: 'Forgot your password?',
    intro: (minutes: number) =>
      `We’ll email you a link to choose a new one. It works once, within ${inTime(minutes * 60)}.`,
    button: 'Email me a link',
    logIn: (link: Mark) => line`Remembered it? ${link('Log in')}`,
  },

  resetPasswordContinue: {
    title: 'Choose a new password',
    intro: (email: string) => `For ${email}. You’ll be logged out everywhere.`,
    button: 'Save password',
    invalid: 'This password link is invalid or has expired.',
    askAgain: 'Send a new link',
  },

  changePassword: {
    title: 'Choose a new password',
    intro: (email: string) => `You need to choose a new password to continue as ${email}.`,
    button: 'Save and continue',
    logOut: 'Not now, log out',
  },

  consent: {
    title: 'Before you continue',
    intro: (email: string) => `Read what’s new and accept it to continue as ${email}.`,
    titles: documentTitles,
    accept: (count: number): string =>
      count === 1 ? 'I accept this document.' : 'I accept these documents.',
    button: 'Accept and continue',
    logOut: 'Not now, log out',
  },

  reactivation: {
    title: 'Keep your account?',
    intro: (email: string, until: Date) =>
      `${email} will be deleted after ${day(until)}. Keep it, and you’re logged in.`,
    button: 'Keep my account',
    logOut: 'No, log out',
  },

  mfa: {
    title: 'Two-step verification',
    intro: (email: string) => `One more step to continue as ${email}.`,
    button: 'Continue',
    withBackupCode: 'Use a backup code',
    backupButton: 'Use backup code',
    cancel: 'Cancel and log out',
    // Wrong and used look alike: a code on a lost sheet of paper should not tell which it is.
    wrongBackupCode: 'That backup code is wrong or has already been used.',
  },

  mfaEnroll: {
    title: 'Set up two-step verification',
    intro: (email: string) => `Set up two-step verification to continue as ${email}.`,
    codesTitle: 'Get your backup codes',
    codesIntro: (email: string) =>
      `Save backup codes to continue as ${email}. You’ll need one if you lose your device.`,
    codesButton: 'Show my backup codes',
    logOut: 'Not now, log out',
  },

  totp: {
    title: 'Authenticator app',
    on: 'on',
    about:
      'An app on your phone shows a new code every 30 seconds. Any authenticator app works, and so do most password managers.',
    start: 'Set up an authenticator app',
    steps: [
      'Open your authenticator app.',
      'Scan this QR code with it.',
      'Enter the six digits that it shows.',
    ],
    qr: 'QR code for your authenticator app',
    noScan: 'I can’t scan it',
    open: (link: Mark) => line`Is the app on this device? ${link('Add the account there.')}`,
    key: 'Or enter this key manually (time-based, SHA-1, 6 digits, 30 seconds):',
    codeHint: 'You’ll get backup codes next.',
    button: 'Turn on',
    restart: 'Start over with a new QR code',
    since: (date: ReactNode) =>
      line`Turned on ${date}. You enter a code from your app when you log in. New phone? Set up the new app. The old one works until then.`,
    replace: 'Set up another app',
    turnOff: 'Turn off',
    turnOffQuestion:
      'We’ll no longer ask for a code from your app when you log in. You’ll be logged out everywhere else.',
    turnOffYes: 'Yes, turn it off',
  },

  copy: { button: 'Copy', done: 'Copied' },

  /** Of times: “2 minutes ago”, “yesterday” and dates come from the browser, in this language. */
  moment: { language: 'en', justNow: 'just now', day },

  backupCodes: {
    title: 'Save your backup codes',
    intro: 'Use one to log in if you lose your device.',
    loggedOut: 'Use one to log in if you lose your device. You’re logged out everywhere else.',
    label: 'Backup codes',
    once: 'You won’t see these codes again. Keep them somewhere safe, not on your phone.',
    file: (appName: string) => `Backup codes for ${appName}. Each code works once.`,
    fileName: 'backup-codes.txt',
    download: 'Download',
    print: 'Print',
    saved: 'I’ve saved my codes',
    left: (left: number) =>
      `You have ${backupCodes(left)} left. You’ll need one to log in if you lose your device. Each works once, and new codes replace all old ones.`,
    renew: 'Get new codes',
  },

  sudo: {
    title: 'Confirm it’s you',
    intro: (email: string, minutes: number) =>
      `You’re logged in as ${email}. We won’t ask again for ${inTime(minutes * 60)}.`,
    button: 'Continue',
    cancel: 'Cancel',
    sendCode: 'Email me a code',
    lost: 'I lost my device',
    lostWithPassword:
      'With a backup code and your password, you can set up a new authenticator app or turn two-step verification off, and nothing else.',
    lostWithCode:
      'With a backup code and a code from our email, you can set up a new authenticator app or turn two-step verification off, and nothing else.',
    lostButton: 'Use backup code',
    /** By what was tried. */
    wrong: {
      password: 'That’s not your password.',
      code: 'That code is wrong. Enter the code your app shows now.',
      'mailed-code': 'That code is wrong or has expired.',
      recovery: 'The password or backup code is wrong.',
    },
    wrongRecoveryByCode: 'The code from our email or the backup code is wrong.',
  },

  settings: {
    label: 'Settings',
    profile: 'Profile',
    security: 'Security',
    sessions: 'Sessions',
  },

  profile: {
    title: 'Profile',
    intro: 'Your account at a glance.',
    email: 'Email address',
    changeEmail: 'Change',
    confirmed: 'Confirmed',
    notConfirmed: 'Not yet',
    data: 'Your data',
    seeData: 'Download your data or delete your account',
  },

  security: {
    title: 'Security',
    intro: 'How you log in, and what protects your account.',
    on: 'on',
    off: 'off',
    activity: 'See recent activity',
    // What it is about is there for screen readers: the page has one link for each row.
    action: (hidden: Mark, action: string, title: string) => line`${action}${hidden(` (${title})`)}`,
    password: {
      title: 'Password',
      on: 'You can log in with your password.',
      off: 'You log in without a password.',
      change: 'Change',
      set: 'Set a password',
    },
    secondStep: {
      title: 'Two-step verification',
      on: 'We ask for a second step when you log in.',
      off: 'Protects your account even if your password is stolen.',
      manage: 'Manage',
      turnOn: 'Turn on',
    },
  },

  settingsEmail: {
    title: 'Email address',
    intro: (bold: Mark, email: string, undoDays: number) =>
      line`Your email address is ${bold(email)}. It changes once you’ve opened the email we send to the new one. From then on, you have ${undoDays} days to undo it from the old mailbox.`,
    newEmail: 'New email address',
    distrustOld: (email: string) =>
      `I no longer control ${email}. Nobody can undo the change from that mailbox.`,
    button: 'Continue',
    sentHere: (bold: Mark, email: string, minutes: number) =>
      line`We’ve emailed ${bold(email)}. Open the link, or enter the six-digit code here. The code works for ${inTime(minutes * 60)}.`,
    sent: (bold: Mark, email: string) =>
      line`We’ve emailed ${bold(email)}. Open the link to change your address.`,
    waits: (email: string) => `We’ve emailed ${email} too. Approve the change there first.`,
    codeButton: 'Change email address',
    sendAgain: (button: Mark) => line`Didn’t get it? ${button('Send a new code')}`,
    cancel: 'Cancel the change',
  },

  /** Behind the links of emails about a change of address, by what is to be done. */
  changeEmail: {
    title: 'Change your email address',
    confirm: {
      intro: (email: string) => `Your email address becomes ${email}. You’ll be logged out everywhere else.`,
      button: 'Change email address',
    },
    'log-in': {
      intro: (email: string) => `Log in first to change your email address to ${email}.`,
      button: 'Log in',
    },
    'other-account': {
      intro: (email: string) =>
        `This link changes another account’s email address to ${email}. You’re logged in to a different one. Log out, then open the link again.`,
      button: 'Log out',
    },
    approve: {
      intro: (email: string) =>
        `Someone who is logged in to your account wants to change its email address to ${email}. Approve only if it was you.`,
      button: 'Approve the change',
    },
    approved: {
      intro: (email: string) => `You’ve approved the change. Now open the link we sent to ${email}.`,
      button: 'Continue',
    },
    done: {
      intro: (email: string) => `Your email address is ${email}.`,
      button: 'Continue',
    },
    invalid: 'This link is invalid or has expired.',
    askAgain: 'Change my email address',
  },

  settingsData: {
    title: 'Your data',
    intro: 'What we keep about you is yours: take it with you, or have it deleted.',
    export: {
      title: 'Download your data',
      text: 'Download what we keep about your account, as a file. It contains no passwords and no codes.',
      button: 'Download my data',
    },
    deletion: {
      title: 'Delete your account',
      blocked: 'Before you can delete your account:',
      until: (bold: Mark, until: Date) =>
        line`You’ll be logged out everywhere, and nobody can use your account. Until ${bold(day(until))}, you can log in to keep it.`,
      /** What becomes of it, by `policy.deletion.strategy`. */
      afterwards: {
        anonymise: 'After that, we delete your account and what we keep about you. This can’t be undone.',
        hard: 'After that, we delete your account and what we keep about you. This can’t be undone.',
        soft: 'After that, nobody can log in to your account again. This can’t be undone.',
      },
      confirmation: 'Your email address',
      confirmationHint: (email: string) => `Type ${email} to confirm.`,
      button: 'Delete my account',
    },
  },

  settingsPassword: {
    title: 'Password',
    change: 'Change your password',
    set: 'Set a password',
    intro: 'You’ll be logged out everywhere else.',
    button: 'Save password',
  },

  settingsMfa: {
    title: 'Two-step verification',
    intro: 'Protects your account even if your password is stolen. Changing it logs out your other browsers.',
    recovery:
      'You’re here with a backup code. Set up an authenticator app to replace the one you lost, or turn two-step verification off. To change anything else, log in again afterwards.',
    recovered:
      'You’re here with a backup code. Set up an authenticator app in place of the device you lost. To change anything else, log in again afterwards.',
  },

  sessions: {
    title: 'Sessions',
    intro: 'These browsers are logged in. Don’t recognize one? Log it out and change your password.',
    current: 'this browser',
    browser: ({ name, system }: BrowserNames) => {
      if (name && system) return `${name} on ${system}`
      return name ?? (system ? `A browser on ${system}` : 'An unknown browser')
    },
    unknownAddress: 'unknown IP address',
    since: (at: ReactNode) => line`logged in ${at}`,
    lastSeen: (at: ReactNode) => line`last seen ${at}`,
    logOutOf: (hidden: Mark, browser: string) => line`Log out${hidden(` of ${browser}`)}`,
    logOutOthers: 'Log out everywhere else',
    logOutAll: 'Log out everywhere',
    logOutAllQuestion: 'All sessions end, including this one, and you’ll need to log in again.',
    logOutAllYes: 'Yes, log out everywhere',
  },

  activity: {
    title: 'Recent activity',
    intro:
      'What happened in your account. If you don’t recognize something, tell us, and we’ll email you a link to secure your account.',
    nothing: 'There’s nothing here.',
    dispute: (hidden: Mark, what: string) => line`I don’t recognize this${hidden(` (${what})`)}`,
    refused: 'refused',
    byOthers: 'By someone who looks after this site',
    /** For an event that has no sentence, of a feature that is gone for example. */
    other: 'Something was done in your account',
    unknown: 'We no longer have this event.',
    pages: 'Pages of this list',
    newest: 'Newest',
    older: 'Older',
  },

  activities,

  notMe: {
    title: 'This wasn’t me',
    intro: (email: string) => `For ${email}. Continue only if this wasn’t you.`,
    introAbout: (email: string, at: ReactNode, deed: string) =>
      line`For ${email}: ${deed} ${at}. Continue only if this wasn’t you.`,
    ifYouContinue: 'If you continue:',
    restores: (email: string) => `Your email address is ${email} again.`,
    loggedOut: 'You’re logged out everywhere, and trusted browsers are forgotten.',
    keepsAccount: 'Your account is kept. It will no longer be deleted.',
    /** What is taken away, by its name. */
    removes: {
      password: 'Your password is removed. Nobody can log in with it.',
      'second-factor': 'The authenticator app that was added is removed, with its backup codes.',
      'backup-codes': 'The backup codes you had then are removed. You can get new ones afterwards.',
    },
    newPassword: 'We email you a link to choose a new password.',
    button: 'Log out everywhere',
    buttonWithPassword: 'Log out everywhere and remove the password',
    askAgain: 'Choose a new password',
  },

  /** What a mail was about, by the name of its event. */
  deeds: {
    'account.exported': 'your data was downloaded',
    'account.deletion_scheduled': 'someone asked for your account to be deleted',
    'account.deletion_cancelled': 'your account was kept after all',
    'auth.confirm': 'your email address was confirmed',
    'auth.email_change_requested': 'someone asked to change your email address',
    'auth.email_changed': 'your email address was changed',
    'auth.log_in': 'someone logged in',
    'auth.password_changed': 'your password was changed',
    'auth.password_set': 'a password was set',
    'auth.reset_completed': 'your password was changed with an emailed link',
    'mfa.activated': 'two-step verification was turned on',
    'mfa.backup_code_used': 'a backup code was used',
    'mfa.browser_trusted': 'someone trusted a browser',
    'mfa.codes_regenerated': 'your backup codes were replaced',
    'mfa.disabled': 'a second step was turned off',
    'security.lockout': 'someone entered wrong codes',
    'security.new_browser': 'someone logged in from a new browser',
    'security.trust_reused': 'someone used an old copy of one of your trusted browsers',
    'session.revoked': 'someone logged a browser out',
    'session.revoked_all': 'someone logged browsers out',
    'session.sudo': 'someone confirmed that they’re you, to change something in your account',
  },

  /** A mailed link that is of no use. */
  linkProblem: {
    title: 'This link doesn’t work',
    outdated: 'This link has already been opened or has expired.',
    logIn: (link: Mark) => line`Or ${link('log in')}.`,
  },

  /** Why something was refused. A page that knows more about it says that instead. */
  reasons: {
    'already-used': 'That code has already been used. Wait for the next one.',
    blocked:
      'After too many wrong codes, we turned codes off for this account. Use another way, or contact us.',
    breached: 'This password appears in a known data breach. Choose another one.',
    busy: 'We’re very busy right now. Try again in a moment.',
    changed: 'Your account changed in the meantime. Load the page again.',
    'contains-own-words': 'Don’t use this site’s name or parts of your email address.',
    'deletion-blocked': 'You can’t delete your account yet. See below what to do first.',
    disabled: 'This account is disabled.',
    ended: 'That took too long. Log in again to continue.',
    'form-too-large': 'This form is too large.',
    'form-unreadable': 'We couldn’t read this form. Load the page again and retry.',
    gone: 'Nothing is waiting anymore. Start the change again.',
    invalid: 'This link is invalid or has expired.',
    'invalid-credentials': 'The email address or password is wrong.',
    'invalid-token': 'This link is invalid or has expired.',
    limited: ({ retryAfterSeconds }) => `Too many attempts. Wait ${inTime(retryAfterSeconds)} and try again.`,
    'needs-older-factor':
      'For this, confirm it’s you with a second step that you’ve had for more than three days and since you logged in.',
    'no-factor': 'Set up an authenticator app or a passkey first.',
    'no-files': 'You can’t upload files here.',
    'no-tries-left': 'Too many attempts with this link. Choose a new password instead.',
    'not-accepted': 'Accept the newest version of every document to continue.',
    'not-approved': 'Approve the change in the email we sent to your old address first. Then try again.',
    'not-active': 'Two-step verification is off.',
    'not-an-email-address': 'Enter an email address like you@example.com.',
    'not-enrolled': 'Start over with a new QR code.',
    'not-wanted': 'Your account doesn’t need this anymore.',
    'not-your-address': 'That’s not the email address of your account.',
    'not-your-password': 'That’s not your password.',
    'other-browser': 'You registered in another browser. Enter the password you chose there.',
    'other-domain': ({ domains }) => `Use an email address at ${oneOf(domains)}.`,
    'registration-closed': 'Registration is closed.',
    required: 'Your account needs two-step verification. Set up another app to replace this one.',
    'same-address': 'That’s your email address already.',
    'same-password': 'That’s your current password. Choose another one.',
    'sent-twice': 'This field arrived twice. Load the page again and retry.',
    'session-ended': 'Your session ended. Log in again to continue.',
    taken: 'You can’t use this email address. Choose another one.',
    'too-common': 'This password is too common.',
    'too-long': ({ maxLength }) => `Use at most ${maxLength} characters.`,
    'too-short': ({ minLength }) => `Use at least ${minLength} characters.`,
    unchanged: 'This is already set.',
    unconfirmed: 'Confirm your email address first. The link is in the email we sent when you registered.',
    unknown: 'This session has already ended.',
    'unusable-characters': 'This contains characters we can’t accept.',
    wrong: 'That’s wrong. Try again.',
    'wrong-code': 'That code is wrong. Enter the code your app shows now.',
    'wrong-password': 'That’s not the password you chose when you registered.',
  } satisfies SentencesFor<AccountRefusal | FieldReason | FormReason>,

  /** For a reason that has no sentence here. */
  unknownReason: 'That didn’t work. Try again.',

  /** What one page leaves for the next to say, by the key that travels in the cookie. */
  flashes: {
    // The same for a free and a taken address, where nobody has to confirm first.
    registered: 'We’ve emailed you. You can log in now, and confirm your email address any time.',
    confirmed: 'Your email address is confirmed.',
    'confirmed-with-password': 'Your email address is confirmed, and your new password is saved.',
    'code-sent-again': 'If that address still needs to be confirmed, we’ve emailed a new code.',
    'registration-removed': 'Thank you. The registration was removed.',
    // The same for every address.
    'magic-link-sent': 'If there’s an account for that address, we’ve emailed a magic link.',
    'reset-sent': 'If there’s an account for that address, we’ve emailed a link to choose a new password.',
    'password-reset': 'Your new password is saved.',
    'password-saved': 'Your password is saved. You’re logged out everywhere else.',
    'password-removed':
      'Welcome back. Someone had registered this address with a password in another browser, so we removed that password. You can choose one in your settings.',
    'logged-out': 'You’re logged out.',
    'session-ended': { refusal: 'Your session ended. Log in again to continue.' },
    'sign-in-ended': {
      refusal: 'That took too long, or too many codes were wrong. Log in again to continue.',
    },
    'too-many-wrong': { refusal: 'Too many wrong attempts, so we logged you out. Log in again to continue.' },
    'took-too-long': { refusal: 'That took too long. Log in again to continue.' },
    disabled: { refusal: 'This account is disabled.' },
    secured: 'Your account is secured. We’ve emailed you a link to choose a new password.',
    'email-change-sent-again': 'We’ve sent the email again.',
    'email-change-cancelled': 'The change is cancelled.',
    'email-changed': 'Your email address is changed. You’re logged out everywhere else.',
    'deletion-scheduled': (day: string) =>
      `You’re logged out everywhere. Until ${day}, you can log in to keep your account.`,
    'account-kept': 'Your account is kept.',
    'session-gone': { refusal: 'That browser was already logged out.' },
    'session-ended-there': 'That browser is logged out.',
    'others-logged-out': 'Every other browser is logged out.',
    'export-refused': { refusal: 'We can’t prepare your data right now. Try again later.' },
    disputed: 'We’ve emailed you a link to secure your account.',
    'all-logged-out': 'You’re logged out everywhere.',
    'sudo-code-sent': 'We’ve emailed you a six-digit code.',
    'app-off': 'Your authenticator app is turned off. You’re logged out everywhere else.',
    'two-steps': 'Two-step verification is on. You’re logged out everywhere else.',
    'one-step': 'Two-step verification is off. You’re logged out everywhere else.',
    'codes-left': (left: string) =>
      `You have ${backupCodes(Number(left))} left. Get new ones in your settings.`,
  } satisfies Record<string, FlashWords>,
}

export type AccountWords = typeof words

function backupCodes(left: number): string {
  if (left === 0) return 'no backup codes'
  return left === 1 ? 'one backup code' : `${left} backup codes`
}

function oneOf(domains: readonly string[]): string {
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(domains)
}

function day(date: Date): string {
  return new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' }).format(date)
}

function inTime(seconds: number): string {
  if (seconds < 50) return seconds <= 1 ? 'a second' : `${Math.ceil(seconds)} seconds`
  const minutes = Math.ceil(seconds / 60)
  return minutes === 1 ? 'a minute' : `${minutes} minutes`
}

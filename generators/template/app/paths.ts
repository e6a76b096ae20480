import type { AccountPaths } from '@sigra/remix'

/**
 * Where the pages of accounts are. Change one here: routes, guards, redirects and mails follow. What belongs to a page
 * stands below it, a mailed link for example. Components read this too, so nothing of the server belongs here.
 */
export const paths = {
  register: '/users/register',
  logIn: '/users/log-in',
  logOut: '/users/log-out',
  confirm: '/users/confirm',
  resetPassword: '/users/reset-password',
  notMe: '/users/not-me',
  changeEmail: '/users/change-email',
  mfa: '/users/mfa',
  mfaEnroll: '/users/mfa/enroll',
  changePassword: '/users/change-password',
  reactivation: '/users/reactivation',
  consent: '/users/consent',
  sudo: '/users/sudo',
  settings: '/users/settings',
  settingsSecurity: '/users/settings/security',
  settingsEmail: '/users/settings/email',
  settingsData: '/users/settings/data',
  settingsPassword: '/users/settings/password',
  settingsMfa: '/users/settings/mfa',
  sessions: '/users/sessions',
  activity: '/users/activity',
} as const satisfies AccountPaths

import { prefix, route, type RouteConfigEntry } from '@react-router/dev/routes'
import { organizationRoutes } from './organizations/routes.ts'
import { passkeyRoutes } from './passkeys/routes.ts'
import { paths } from './paths.ts'

// The mailbox shows every mail to anyone who asks: it is not part of a production build.
const hasMailbox = process.env['NODE_ENV'] !== 'production' || process.env['SIGRA_BUILD_MAILBOX'] === '1'

export function sigraRoutes(): RouteConfigEntry[] {
  return [
    route(paths.register, 'accounts/routes/register.tsx'),
    route(paths.logIn, 'accounts/routes/log-in.tsx'),
    route(`${paths.logIn}/continue`, 'accounts/routes/log-in-continue.tsx'),
    mailLink(paths.logIn),
    route(paths.mfa, 'accounts/routes/mfa.tsx'),
    route(paths.mfaEnroll, 'accounts/routes/mfa-enroll.tsx'),
    route(paths.logOut, 'accounts/routes/log-out.tsx'),
    route(paths.confirm, 'accounts/routes/confirm.tsx'),
    route(`${paths.confirm}/continue`, 'accounts/routes/confirm-continue.tsx'),
    mailLink(paths.confirm),
    route(paths.resetPassword, 'accounts/routes/reset-password.tsx'),
    route(`${paths.resetPassword}/continue`, 'accounts/routes/reset-password-continue.tsx'),
    mailLink(paths.resetPassword),
    route(`${paths.notMe}/continue`, 'accounts/routes/not-me-continue.tsx'),
    mailLink(paths.notMe),
    route(`${paths.changeEmail}/continue`, 'accounts/routes/change-email-continue.tsx'),
    mailLink(paths.changeEmail),
    route(paths.settings, 'accounts/routes/profile.tsx'),
    route(`${paths.settings}/export`, 'accounts/routes/export.ts'),
    route(paths.settingsEmail, 'accounts/routes/settings-email.tsx'),
    route(paths.settingsData, 'accounts/routes/settings-data.tsx'),
    route(paths.settingsSecurity, 'accounts/routes/security.tsx'),
    route(paths.settingsPassword, 'accounts/routes/settings-password.tsx'),
    route(paths.settingsMfa, 'accounts/routes/settings-mfa.tsx'),
    route(paths.sessions, 'accounts/routes/sessions.tsx'),
    route(paths.activity, 'accounts/routes/activity.tsx'),
    route(paths.sudo, 'accounts/routes/sudo.tsx'),
    ...passkeyRoutes(),
    route(paths.changePassword, 'accounts/routes/change-password.tsx'),
    route(paths.reactivation, 'accounts/routes/reactivation.tsx'),
    route(paths.consent, 'accounts/routes/consent.tsx'),
    ...organizationRoutes(),
    route('dashboard', 'routes/dashboard.tsx'),
    ...prefix('health', [route('live', 'routes/health-live.ts'), route('ready', 'routes/health-ready.ts')]),
    ...(hasMailbox ? mailboxRoutes() : []),
  ]
}

/** Every link of a mail, to whatever it leads, is one module. */
function mailLink(page: string): RouteConfigEntry {
  return route(`${page}/:token`, 'accounts/routes/mail-link.ts', { id: `${page}/:token` })
}

function mailboxRoutes(): RouteConfigEntry[] {
  return prefix('dev/mailbox', [
    route('/', 'routes/dev-mailbox.ts'),
    route('messages', 'routes/dev-mailbox-messages.ts'),
  ])
}

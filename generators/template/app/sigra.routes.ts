// sigra:if app=existing
// sigra:+ import { layout, prefix, route, type RouteConfigEntry } from '@react-router/dev/routes'
// sigra:else
import { prefix, route, type RouteConfigEntry } from '@react-router/dev/routes'
// sigra:end
// sigra:if passkeys
import { passkeyRoutes } from './passkeys/routes.ts'
// sigra:end

// The mailbox shows every mail to anyone who asks: it is not part of a production build.
const hasMailbox = process.env['NODE_ENV'] !== 'production' || process.env['SIGRA_BUILD_MAILBOX'] === '1'

export function sigraRoutes(): RouteConfigEntry[] {
  // sigra:if app=existing
  // sigra:+ return [layout('accounts/frame.tsx', framedRoutes())]
  // sigra:+ }
  // sigra:+
  // sigra:+ function framedRoutes(): RouteConfigEntry[] {
  // sigra:end
  return [
    ...prefix('users', [
      route('register', 'accounts/routes/register.tsx'),
      route('log-in', 'accounts/routes/log-in.tsx'),
      route('log-in/continue', 'accounts/routes/log-in-continue.tsx'),
      mailLink('log-in/:token'),
      route('mfa', 'accounts/routes/mfa.tsx'),
      route('mfa/enroll', 'accounts/routes/mfa-enroll.tsx'),
      route('log-out', 'accounts/routes/log-out.tsx'),
      route('confirm', 'accounts/routes/confirm.tsx'),
      route('confirm/continue', 'accounts/routes/confirm-continue.tsx'),
      mailLink('confirm/:token'),
      route('reset-password', 'accounts/routes/reset-password.tsx'),
      route('reset-password/continue', 'accounts/routes/reset-password-continue.tsx'),
      mailLink('reset-password/:token'),
      route('not-me/continue', 'accounts/routes/not-me-continue.tsx'),
      mailLink('not-me/:token'),
      route('settings', 'accounts/routes/settings.tsx'),
      route('settings/mfa', 'accounts/routes/settings-mfa.tsx'),
      route('sessions', 'accounts/routes/sessions.tsx'),
      route('sudo', 'accounts/routes/sudo.tsx'),
      // sigra:if passkeys
      ...passkeyRoutes(),
      // sigra:end
      route('change-password', 'accounts/routes/change-password.tsx'),
    ]),
    route('dashboard', 'routes/dashboard.tsx'),
    ...prefix('health', [route('live', 'routes/health-live.ts'), route('ready', 'routes/health-ready.ts')]),
    ...(hasMailbox ? mailboxRoutes() : []),
  ]
}

/** Every link of a mail, to whatever it leads, is one module. */
function mailLink(path: string): RouteConfigEntry {
  return route(path, 'accounts/routes/mail-link.ts', { id: path })
}

function mailboxRoutes(): RouteConfigEntry[] {
  return prefix('dev/mailbox', [
    route('/', 'routes/dev-mailbox.ts'),
    route('messages', 'routes/dev-mailbox-messages.ts'),
  ])
}

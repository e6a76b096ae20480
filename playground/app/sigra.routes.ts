import { prefix, route, type RouteConfigEntry } from '@react-router/dev/routes'

// The mailbox shows every mail to anyone who asks: it is not part of a production build.
const hasMailbox = process.env['NODE_ENV'] !== 'production' || process.env['SIGRA_BUILD_MAILBOX'] === '1'

export function sigraRoutes(): RouteConfigEntry[] {
  return [
    ...prefix('users', [
      route('register', 'accounts/routes/register.tsx'),
      route('log-in', 'accounts/routes/log-in.tsx'),
      route('log-in/passkey/options', 'accounts/routes/log-in-passkey-options.ts'),
      route('log-in/passkey', 'accounts/routes/log-in-passkey.ts'),
      route('log-in/continue', 'accounts/routes/log-in-continue.tsx'),
      route('log-in/:token', 'accounts/routes/log-in-token.ts'),
      route('mfa', 'accounts/routes/mfa.tsx'),
      route('mfa/enroll', 'accounts/routes/mfa-enroll.tsx'),
      route('log-out', 'accounts/routes/log-out.tsx'),
      route('confirm', 'accounts/routes/confirm.tsx'),
      route('confirm/continue', 'accounts/routes/confirm-continue.tsx'),
      route('confirm/:token', 'accounts/routes/confirm-token.ts'),
      route('reset-password', 'accounts/routes/reset-password.tsx'),
      route('reset-password/continue', 'accounts/routes/reset-password-continue.tsx'),
      route('reset-password/:token', 'accounts/routes/reset-password-token.ts'),
      route('not-me/continue', 'accounts/routes/not-me-continue.tsx'),
      route('not-me/:token', 'accounts/routes/not-me-token.ts'),
      route('settings', 'accounts/routes/settings.tsx'),
      route('settings/mfa', 'accounts/routes/settings-mfa.tsx'),
      route('sessions', 'accounts/routes/sessions.tsx'),
      route('sudo', 'accounts/routes/sudo.tsx'),
      route('sudo/passkey/options', 'accounts/routes/sudo-passkey-options.ts'),
      route('sudo/passkey', 'accounts/routes/sudo-passkey.ts'),
      route('mfa/passkey/options', 'accounts/routes/mfa-passkey-options.ts'),
      route('mfa/passkey', 'accounts/routes/mfa-passkey.ts'),
      route('mfa/enroll/passkey/options', 'accounts/routes/mfa-enroll-passkey-options.ts'),
      route('mfa/enroll/passkey', 'accounts/routes/mfa-enroll-passkey.ts'),
      route('settings/mfa/passkeys/options', 'accounts/routes/passkeys-options.ts'),
      route('settings/mfa/passkeys', 'accounts/routes/passkeys.ts'),
      route('settings/mfa/passkeys/:passkeyId', 'accounts/routes/passkey.ts'),
      route('change-password', 'accounts/routes/change-password.tsx'),
    ]),
    route('dashboard', 'routes/dashboard.tsx'),
    ...prefix('health', [route('live', 'routes/health-live.ts'), route('ready', 'routes/health-ready.ts')]),
    ...(hasMailbox ? mailboxRoutes() : []),
  ]
}

function mailboxRoutes(): RouteConfigEntry[] {
  return prefix('dev/mailbox', [
    route('/', 'routes/dev-mailbox.ts'),
    route('messages', 'routes/dev-mailbox-messages.ts'),
  ])
}

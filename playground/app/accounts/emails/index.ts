import type { Mails, PasskeyMails } from '@sigra/worker'
import { addressConfirmed } from './address-confirmed.tsx'
import { alreadyRegistered } from './already-registered.tsx'
import { backupCodeUsed } from './backup-code-used.tsx'
import { backupCodesReplaced } from './backup-codes-replaced.tsx'
import { codesBlocked } from './codes-blocked.tsx'
import { confirmAddress } from './confirm-address.tsx'
import { magicLink } from './magic-link.tsx'
import { newSignIn } from './new-sign-in.tsx'
import { notMeDone } from './not-me-done.tsx'
import { passkeyAdded } from './passkey-added.tsx'
import { passkeyCopied } from './passkey-copied.tsx'
import { passkeyRemoved } from './passkey-removed.tsx'
import { passwordChanged } from './password-changed.tsx'
import { passwordSet } from './password-set.tsx'
import { resetPassword } from './reset-password.tsx'
import { secondFactorAdded } from './second-factor-added.tsx'
import { secondFactorBlocked } from './second-factor-blocked.tsx'
import { secondFactorRemoved } from './second-factor-removed.tsx'
import { signInBlocked } from './sign-in-blocked.tsx'
import { sudoCode } from './sudo-code.tsx'
import { sudoRecovery } from './sudo-recovery.tsx'
import { trustedBrowserCopied } from './trusted-browser-copied.tsx'

/** Every mail this app sends. A kind that is missing here does not compile. */
export const mails = {
  confirmAddress,
  alreadyRegistered,
  magicLink,
  resetPassword,
  sudoCode,
  passwordChanged,
  passwordSet,
  addressConfirmed,
  newSignIn,
  secondFactorAdded,
  secondFactorRemoved,
  secondFactorBlocked,
  trustedBrowserCopied,
  backupCodeUsed,
  backupCodesReplaced,
  sudoRecovery,
  passkeyAdded,
  passkeyRemoved,
  passkeyCopied,
  signInBlocked,
  codesBlocked,
  notMeDone,
} satisfies Mails & PasskeyMails

import type { Mails } from '@sigra/worker'
import { addressConfirmed } from './address-confirmed.tsx'
import { alreadyRegistered } from './already-registered.tsx'
import { confirmAddress } from './confirm-address.tsx'
import { passwordChanged } from './password-changed.tsx'
import { resetPassword } from './reset-password.tsx'
import { signInBlocked } from './sign-in-blocked.tsx'

/** Every mail this app sends. A kind that is missing here does not compile. */
export const mails = {
  confirmAddress,
  alreadyRegistered,
  resetPassword,
  passwordChanged,
  addressConfirmed,
  signInBlocked,
} satisfies Mails

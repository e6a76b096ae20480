import { sendSignal } from '@simplewebauthn/browser'

/**
 * Tells the password manager, where the browser can, that a passkey is of no use any more, so that it is not offered
 * again. Says nothing about whether it listened.
 */
export async function forgetPasskey(passkey: { rpId: string; credentialId: string }): Promise<void> {
  try {
    const { rpId: rpID, credentialId: credentialID } = passkey
    await sendSignal({ signalName: 'unknownCredential', rpID, credentialID })
  } catch {
    // A browser without signals, or a manager that does not care: its owner can still delete it there.
  }
}

import type { SignInWay, SignInWayProps } from '~/accounts/sign-in-ways'
import { words } from '~/passkeys/words'
import { paths } from '~/paths'
import { DeviceHint } from './components/device-hint'
import { PasskeyButton } from './components/passkey-button'

export const passkey = { Way: Passkey, autoComplete: 'webauthn' } satisfies SignInWay

function Passkey({ redirectTo, isFirst }: SignInWayProps) {
  return (
    <>
      <DeviceHint />
      <PasskeyButton path={`${paths.logIn}/passkey`} redirectTo={redirectTo} offersList isQuiet={!isFirst}>
        {words.logIn.button}
      </PasskeyButton>
    </>
  )
}

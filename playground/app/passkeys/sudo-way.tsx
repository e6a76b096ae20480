import type { SudoWay, SudoWayProps } from '~/accounts/sudo-ways'
import { words } from '~/passkeys/words'
import { paths } from '~/paths'
import { PasskeyButton } from './components/passkey-button'

export const passkey = { intents: [], Way: Passkey } satisfies SudoWay

function Passkey({ redirectTo, isFirst }: SudoWayProps) {
  return (
    <PasskeyButton path={`${paths.sudo}/passkey`} redirectTo={redirectTo} isQuiet={!isFirst}>
      {words.button}
    </PasskeyButton>
  )
}

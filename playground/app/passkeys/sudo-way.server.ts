import type { SudoState } from '@sigra/remix'

export function loadPasskey(sudo: SudoState) {
  return sudo.areaFactors.includes('passkey') ? {} : null
}

import type { RequestArgs } from '@sigra/remix'
import { sigra } from '~/sigra.server'

/** What the page shows of a way to log in, `null` where it is not offered. The preferred one comes first. */
export type LoadSignInWay = (args: RequestArgs) => { isPreferred?: boolean } | null

export function loadPassword() {
  return {}
}

export function loadMagicLink() {
  return sigra.policy.magicLink.enabled ? {} : null
}

import type { AreaDeclaration } from './areas/area.ts'
import {
  type PasskeyAction,
  passkeyActions,
  type PasskeyChannel,
  passkeyChannels,
  type PasskeyMailFacts,
  passkeyNotices,
  passkeys,
} from './passkeys/area.ts'

/**
 * Every area there is, in the order of lists and of credentials. A new one is added here and below, and nowhere else:
 * whatever asks about areas folds over those that an app has, which `areas` of its configuration says.
 */
export const knownAreas: readonly AreaDeclaration[] = [passkeys]

export type AreaAction = PasskeyAction

export const areaActions: readonly AreaAction[] = [...passkeyActions]

export type AreaChannel = PasskeyChannel

export const areaChannels: Readonly<Record<AreaChannel, string>> = { ...passkeyChannels }

/** What each notice of an area is told, by the name of its template. */
export interface AreaMailFacts extends PasskeyMailFacts {}

export type AreaNoticeKind = keyof AreaMailFacts

export const areaNotices: readonly AreaNoticeKind[] = [...passkeyNotices]

/** What areas sign people in with. */
export type AreaCredential = 'passkey'

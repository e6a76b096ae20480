import type { AreaDeclaration } from './areas/area.ts'
import type { OauthSignInMethod } from './oauth/area.ts'
import {
  type OrganizationAction,
  organizationActions,
  type OrganizationChannel,
  organizationChannels,
  type OrganizationMetadataKey,
  organizations,
  type OrganizationSensitiveAction,
  type OrganizationSignInMethod,
} from './organizations/area.ts'
import type { OrganizationMailFacts, OrganizationNotice } from './organizations/mail-facts.ts'
import { organizationMails } from './organizations/organization-mails.ts'
import {
  type PasskeyAction,
  passkeyActions,
  type PasskeyChannel,
  passkeyChannels,
  type PasskeyCredential,
  type PasskeyMailFacts,
  type PasskeyMetadataKey,
  type PasskeyNotice,
  passkeyNotices,
  passkeys,
  type PasskeySensitiveAction,
  type PasskeySignInMethod,
  type PasskeySudoMethod,
} from './passkeys/area.ts'

/**
 * Every area there is, in the order of lists and of credentials. A new one is added here and below, and nowhere else:
 * whatever asks about areas folds over those that an app has, which `areas` of its configuration says.
 */
export const knownAreas: readonly AreaDeclaration[] = [passkeys, organizations]

export type AreaAction = PasskeyAction | OrganizationAction

const actions: Readonly<Record<AreaAction, object>> = { ...passkeyActions, ...organizationActions }

export const areaActions: readonly AreaAction[] = Object.keys(actions).filter(isAreaAction)

/** What lines of the audit log say about areas' actions beside what every line may. */
export type AreaMetadataKey = PasskeyMetadataKey | OrganizationMetadataKey

export type AreaChannel = PasskeyChannel | OrganizationChannel

export const areaChannels: Readonly<Record<AreaChannel, string>> = {
  ...passkeyChannels,
  ...organizationChannels,
}

/** What each mail of an area is told, by the name of its template. */
export interface AreaMailFacts extends PasskeyMailFacts, OrganizationMailFacts {}

/** Every mail of an area. */
export type AreaMailKind = keyof AreaMailFacts

/** Those with a link "This wasn't me". */
export type AreaNoticeKind = PasskeyNotice | OrganizationNotice

export const areaMailKinds: readonly AreaMailKind[] = [...passkeyNotices, ...organizationMails]

/** What areas sign people in with. */
export type AreaCredential = PasskeyCredential

/** How people come to the door by an area, for the audit log. Public: added, never renamed. */
export type AreaSignInMethod = PasskeySignInMethod | OrganizationSignInMethod | OauthSignInMethod

/** How sudo is given by an area. */
export type AreaSudoMethod = PasskeySudoMethod

/** What areas ask a fresh sudo for. */
export type AreaSensitiveAction = PasskeySensitiveAction | OrganizationSensitiveAction

/** The steps that areas have a sign-in wait for, each at its place in `sessions/sign-in-steps.ts`. */
export type AreaStepName = never

/** What flows answer while one of these is missing. */
export type AreaOutcome = never

function isAreaAction(action: string): action is AreaAction {
  return Object.hasOwn(actions, action)
}

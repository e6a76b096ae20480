import { sanitizeText } from '@sigra/core'
import type { AreaDeclaration, AreaNotice } from '../areas/area.ts'
import type { NoticeFacts } from '../mail/notice-facts.ts'
import { ownedByUser } from '../read-table.ts'
import { userPasskeyProperties } from '../schema/user-passkey.ts'
import { webauthnSpentChallengeProperties } from '../schema/webauthn-spent-challenge.ts'

/** `nickname`: what its owner calls a passkey. Free text: shown by mail, so that they know which one it is about. */
export const passkeyActions = {
  'passkey.added': { metadata: ['nickname'], subject: 'disputable' },
  'passkey.renamed': { metadata: ['nickname'], subject: 'disputable' },
  'passkey.removed': { metadata: ['nickname'], subject: 'disputable' },
  'passkey.used': { metadata: ['nickname'], subject: 'hidden' }, // the log-in beside it says so
  'passkey.counter_regressed': { metadata: ['nickname'], subject: 'shown' },
} as const

export type PasskeyAction = keyof typeof passkeyActions

export type PasskeyMetadataKey = (typeof passkeyActions)[PasskeyAction]['metadata'][number]

export type PasskeyCredential = 'passkey'

export type PasskeySignInMethod = 'passkey'

export type PasskeySensitiveAction = 'add-passkey' | 'rename-passkey' | 'remove-passkey'

/** A passkey that verified its user: possession alone was proven for a second step. */
export const passkeySudoMethods = { passkey: 'user' } as const

export type PasskeySudoMethod = keyof typeof passkeySudoMethods

export const passkeyChannels = {
  'passkey.register': 'A passkey was added',
  'passkey.authenticate': 'A log-in or step-up by passkey',
} as const

export type PasskeyChannel = keyof typeof passkeyChannels

/** What a notice says about one passkey. */
export interface PasskeyFacts extends NoticeFacts {
  /** What whoever added it called it: one line, no link. `null` where it has no name. */
  nickname: string | null
}

/** What each notice about passkeys is told. */
export interface PasskeyMailFacts {
  passkeyAdded: PasskeyFacts
  passkeyRemoved: PasskeyFacts
  /** A use was refused: the passkey's counter says that there are two of it. */
  passkeyCopied: PasskeyFacts
}

export type PasskeyNotice = keyof PasskeyMailFacts

export const passkeyNotices: readonly PasskeyNotice[] = ['passkeyAdded', 'passkeyRemoved', 'passkeyCopied']

const MAX_NICKNAME_LENGTH = 64

const named: AreaNotice = {
  describe: (notice, { nickname }) => ({ ...notice, nickname: readNickname(nickname) }),
}

const notices = {
  passkeyAdded: named,
  passkeyRemoved: named,
  passkeyCopied: named,
} satisfies Record<PasskeyNotice, AreaNotice>

const CEREMONY = ['/passkey', '/passkey/options']

/** What passkeys bring to every app that has them. */
export const passkeys = {
  name: 'passkeys',
  needs: [],
  tables: {
    UserPasskey: { ...userPasskeyProperties, ...ownedByUser },
    WebauthnSpentChallenge: webauthnSpentChallengeProperties,
  },
  auditActions: passkeyActions,
  channels: passkeyChannels,
  notices,
  below: {
    logIn: [...CEREMONY, '/add-passkey'],
    sudo: CEREMONY,
    mfa: CEREMONY,
    mfaEnroll: CEREMONY,
    settingsMfa: ['/passkeys', '/passkeys/options', '/passkeys/:passkeyId'],
  },
  sudoMethods: passkeySudoMethods,
} satisfies AreaDeclaration

/** Someone else may have chosen it: one line, no control or direction characters. */
function readNickname(value: unknown): string | null {
  const text = typeof value === 'string' ? sanitizeText(value, MAX_NICKNAME_LENGTH).trim() : ''
  return text === '' ? null : text
}

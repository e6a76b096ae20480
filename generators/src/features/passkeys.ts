import { defineFeature } from './define-feature.ts'

export const passkeys = defineFeature({
  name: 'passkeys',
  summary: 'Log in with a passkey, alone or as a second step.',
  question: 'Let people log in with passkeys, too?',
  needs: [],
  isDefault: true,
  values: [],
  folder: 'app/passkeys',
  tables: ['user_passkeys', 'webauthn_spent_challenges'],
  packages: ['@simplewebauthn/browser'],
  env: [],
  identifiers: ['UserPasskey', 'UserPasskeySchema'],
  segments: ['user-passkey'],
  reserved: {
    contexts: ['Passkeys'],
    entities: ['WebauthnSpentChallenge'],
    tables: ['webauthn_spent_challenges'],
  },
  joints: {},
  docs: ['passkeys.md'],
})

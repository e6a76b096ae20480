import { defineFeature } from './define-feature.ts'

export const passkeys = defineFeature({
  name: 'passkeys',
  summary: 'Log in with a passkey, alone or as a second step.',
  question: 'Let people log in with passkeys, too?',
  needs: [],
  isDefault: true,
  values: [],
  docs: ['passkeys.md'],
})

// sigra:file passkeys
import { defineEntity } from '@mikro-orm/core'
import { webauthnSpentChallengeProperties } from '@sigra/remix/schema'

const WebauthnSpentChallengeSchema = defineEntity({
  name: 'WebauthnSpentChallenge',
  tableName: 'webauthn_spent_challenges',
  properties: { ...webauthnSpentChallengeProperties },
})

/** A passkey challenge that was answered: it is not answered twice. */
export class WebauthnSpentChallenge extends WebauthnSpentChallengeSchema.class {}

WebauthnSpentChallengeSchema.setClass(WebauthnSpentChallenge)

import { defineEntity, type EntityClass, p } from '@mikro-orm/core'
import type { AreaHandle } from '../../areas/area.ts'
import {
  configurePasskeys,
  type PasskeyEntities,
  type PasskeysOptions,
} from '../../passkeys/configure-passkeys.ts'
import type { PolicyOverrides } from '../../policy.ts'
import {
  bigintKey,
  userPasskeyProperties,
  uuidKey,
  webauthnSpentChallengeProperties,
} from '../../schema/index.ts'
import { generous, isGenerous } from '../test-policy.ts'

/** A host's entities of passkeys, with either kind of key. */
export function createTestPasskeyEntities(
  idType: 'uuid' | 'bigint',
  User: EntityClass<object>,
): PasskeyEntities {
  const id = () => ({ id: idType === 'uuid' ? uuidKey() : bigintKey() })

  const PasskeySchema = defineEntity({
    name: 'UserPasskey',
    tableName: 'user_passkeys',
    properties: { ...id(), user: () => p.manyToOne(User).deleteRule('cascade'), ...userPasskeyProperties },
    indexes: [{ properties: ['user'] }],
  })
  class UserPasskey extends PasskeySchema.class {}
  PasskeySchema.setClass(UserPasskey)

  const SpentChallengeSchema = defineEntity({
    name: 'WebauthnSpentChallenge',
    tableName: 'webauthn_spent_challenges',
    properties: webauthnSpentChallengeProperties,
  })
  class WebauthnSpentChallenge extends SpentChallengeSchema.class {}
  SpentChallengeSchema.setClass(WebauthnSpentChallenge)

  return { UserPasskey, WebauthnSpentChallenge }
}

/** What the test host decides about its passkeys, and a test may decide otherwise. */
export type TestPasskeysOptions = Omit<PasskeysOptions, 'entities'>

/** The passkeys of the test host: without limits where the policy of accounts has none. */
export function configureTestPasskeys(
  entities: PasskeyEntities,
  policy: PolicyOverrides,
  changes: TestPasskeysOptions = {},
): AreaHandle {
  const limits = isGenerous(policy) ? { ceremonies: generous } : {}
  return configurePasskeys({ entities, policy: limits, ...changes })
}

import { defineEntity, type EntityClass, p } from '@mikro-orm/core'
import type { Provider } from '@sigra/core'
import { configureOauth, type OauthEntities, type OauthOptions } from '../../oauth/configure-oauth.ts'
import { userIdentityProperties } from '../../schema/user-identity.ts'
import { userOauthAttemptProperties } from '../../schema/user-oauth-attempt.ts'
import { bigintKey, uuidKey } from '../../schema/index.ts'
import { generous } from '../test-policy.ts'
import type { FurtherArea } from '../test-runtime.ts'

function createEntities(idType: 'uuid' | 'bigint', User: EntityClass<object>): OauthEntities {
  const id = () => ({ id: idType === 'uuid' ? uuidKey() : bigintKey() })

  const IdentitySchema = defineEntity({
    name: 'UserIdentity',
    tableName: 'user_identities',
    properties: { ...id(), user: () => p.manyToOne(User).deleteRule('cascade'), ...userIdentityProperties },
    uniques: [{ properties: ['issuer', 'subject'] }],
    indexes: [{ properties: ['user'] }],
  })
  class UserIdentity extends IdentitySchema.class {}
  IdentitySchema.setClass(UserIdentity)

  const AttemptSchema = defineEntity({
    name: 'UserOauthAttempt',
    tableName: 'user_oauth_attempts',
    properties: { ...id(), ...userOauthAttemptProperties },
    indexes: [{ properties: ['browserHash'] }],
  })
  class UserOauthAttempt extends AttemptSchema.class {}
  AttemptSchema.setClass(UserOauthAttempt)

  return { UserIdentity, UserOauthAttempt }
}

/** Providers for a test's host: the list of areas does not have them yet. */
export function testOauth(
  providers: readonly Provider[],
  changes: Omit<OauthOptions, 'entities' | 'providers'> = {},
): FurtherArea {
  return {
    name: 'oauth',
    create(idType, User) {
      const entities = createEntities(idType, User)
      return {
        classes: Object.values(entities),
        handle: configureOauth({ entities, providers, policy: { attempts: generous }, ...changes }),
      }
    },
  }
}

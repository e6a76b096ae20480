import type { EntityClass } from '@mikro-orm/core'
import { ConfigInvalid, type Provider } from '@sigra/core'
import type { AreaGround, AreaHandle, AreaParts } from '../areas/area.ts'
import { iso, sql } from '../database/sql.ts'
import type { PolicyChanges } from '../policy.ts'
import type { Table } from '../read-table.ts'
import { refuseUnknown } from '../refuse-unknown.ts'
import { oauth } from './area.ts'
import { identityCredential } from './identity-credential.ts'
import { type OauthPolicy, oauthSettings } from './policy.ts'

/** What an app decides about logging in by providers. */
export interface OauthOptions {
  entities: OauthEntities
  /** In the order of their buttons. */
  providers: readonly Provider[]
  /** Where providers lead back to: `…/:provider/callback`. @default '/users/oauth' */
  path?: string
  policy?: PolicyChanges<OauthPolicy>
}

/** The host's classes made of the property bundles. */
export interface OauthEntities {
  UserIdentity: EntityClass<unknown>
  UserOauthAttempt: EntityClass<unknown>
}

export interface OauthTables {
  identity: Table
  attempt: Table
}

/** Providers, as this process has them. */
export interface OpenOauth extends AreaParts {
  readonly tables: OauthTables
  readonly policy: OauthPolicy
  /** The one with this id; `null` for whatever an app has no provider by. */
  findProvider(id: unknown): ConfiguredProvider | null
}

export interface ConfiguredProvider {
  provider: Provider
  /** Where it sends browsers back to: of the app's origin, whatever a request says of itself. */
  redirectUri: string
}

const knownOptions = {
  entities: true,
  providers: true,
  path: true,
  policy: true,
} satisfies Record<keyof OauthOptions, true>

const PATH = /^(?:\/[a-z0-9][a-z0-9-]*)+$/

/** Providers with what an app decides about them. Nothing is checked before the app starts. */
export function configureOauth(options: OauthOptions): AreaHandle {
  return { declaration: oauth, open: (ground) => openOauth(ground, options) }
}

function openOauth(ground: AreaGround, options: OauthOptions): OpenOauth {
  refuseUnknown(options, knownOptions, (key) => `oauth: "${key}" is not an option`)
  const identity = ground.table('UserIdentity', options.entities?.UserIdentity)
  const attempt = ground.table('UserOauthAttempt', options.entities?.UserOauthAttempt)
  const providers = readProviders(ground, options)
  return {
    tables: { identity, attempt },
    policy: ground.policy(oauthSettings, options.policy),
    findProvider: (id) => (typeof id === 'string' ? (providers.get(id) ?? null) : null),
    credentials: [identityCredential(identity, [...providers.keys()])],
    hooks: {
      async onErased(tx, { userId }) {
        await tx.rows(sql`delete from ${identity.name} where user_id = ${userId}`)
      },
    },
    exported: (userId, cursor, limit) => sql`
      select jsonb_build_object('id', i.id::text, 'provider', i.provider, 'issuer', i.issuer, 'subject', i.subject,
        'email', i.email, 'displayName', i.display_name, 'addedAt', ${iso(sql`i.created_at`)},
        'lastUsedAt', ${iso(sql`i.last_used_at`)}) as row, i.id::text as cursor
      from ${identity.name} i where i.user_id = ${userId} and (${cursor}::text is null or i.id::text > ${cursor})
      order by i.id::text limit ${limit}`,
    sweeps: [{ name: 'attempts', table: attempt, isOver: (now) => sql`x.expires_at <= ${now}` }],
  }
}

function readProviders(
  { origin }: AreaGround,
  { providers, path = '/users/oauth' }: OauthOptions,
): ReadonlyMap<string, ConfiguredProvider> {
  if (!Array.isArray(providers))
    throw new ConfigInvalid('oauth: providers must be a list, like [google({ clientId, clientSecret })]')
  if (typeof path !== 'string' || !PATH.test(path))
    throw new ConfigInvalid(
      'oauth: path must be a path like /users/oauth, in lower case and without a slash at its end',
    )
  const found = new Map<string, ConfiguredProvider>()
  for (const provider of providers) {
    if (found.has(provider.id)) throw new ConfigInvalid(`oauth: providers names ${provider.id} twice`)
    found.set(provider.id, {
      provider,
      redirectUri: new URL(`${path}/${provider.id}/callback`, origin).href,
    })
  }
  return found
}

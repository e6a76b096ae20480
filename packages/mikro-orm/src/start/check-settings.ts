import { ConfigInvalid, parseKeyRing } from '@sigra/core'
import { checkDatabaseUrl, DATABASE_URL_EXAMPLE } from '../database/database-url.ts'
import { parseSender } from '../mail/sender.ts'
import { parseSmtpUrl } from '../mail/smtp-url.ts'
import { parseOrigin } from './parse-origin.ts'
import { parseTrustedProxies } from './trusted-proxies.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface SettingsCheck {
  /** Keys that this app does without: one with a transport of its own has no `SMTP_URL`. @default [] */
  optional?: readonly string[]
}

interface SettingRule {
  key: string
  /** In production. */
  required: boolean
  /** What it looks like, where it is missing. */
  example: string
  /** Throws what is wrong with it. */
  check(text: string, env: Environment, production: boolean): unknown
}

const LOOPBACK_KEY = 'SIGRA_ALLOW_LOOPBACK_HTTP'

const rules: readonly SettingRule[] = [
  {
    key: 'APP_ORIGIN',
    required: true,
    example: 'the public origin, like https://app.example.com',
    check: (text, env, production) =>
      parseOrigin(text, {
        production,
        allowLoopbackHttp: env[LOOPBACK_KEY] === '1',
        allowedBy: LOOPBACK_KEY,
      }),
  },
  {
    key: 'DATABASE_URL',
    required: true,
    example: DATABASE_URL_EXAMPLE,
    check: (text) => checkDatabaseUrl('DATABASE_URL', text),
  },
  {
    key: 'DATABASE_OWNER_URL',
    required: false,
    example: DATABASE_URL_EXAMPLE,
    check: (text) => checkDatabaseUrl('DATABASE_OWNER_URL', text),
  },
  {
    key: 'SIGRA_SECRETS',
    required: true,
    example: 'a key ring like k1:<43 base64url characters>, from 32 random bytes',
    check: (text, _env, production) => parseKeyRing(text, { production }),
  },
  {
    key: 'SMTP_URL',
    required: true,
    example: 'smtps://user:password@host:465',
    check: (text) => parseSmtpUrl(text),
  },
  {
    key: 'MAIL_FROM',
    required: true,
    example: 'hello@example.com or "Acme <hello@example.com>"',
    check: (text) => parseSender(text, { name: '', address: null }),
  },
  {
    key: 'TRUSTED_PROXIES',
    required: true,
    example: 'the number of proxies in front of the app, 0 when there is none',
    check: (text, _env, production) => parseTrustedProxies(text, production),
  },
  { key: 'PORT', required: false, example: '5173', check: checkPort },
]

/**
 * Looks at every setting of the environment, before anything is loaded that uses one: web and worker refuse the same
 * ones, and say all that is wrong in one go.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID`: a sentence a line, each with the name of its variable, none with its
 *   value.
 */
export function checkSettings(env: Environment, { optional = [] }: SettingsCheck = {}): void {
  const production = env['NODE_ENV'] === 'production'
  const problems = rules.flatMap((rule) => {
    const text = env[rule.key] ?? ''
    const isRequired = production && rule.required && !optional.includes(rule.key)
    if (text === '') return isRequired ? [`${rule.key} is missing: ${rule.example}`] : []
    return explain(rule, text, env, production)
  })
  if (problems.length > 0) throw new ConfigInvalid(problems.join('\n'))
}

function explain(rule: SettingRule, text: string, env: Environment, production: boolean): string[] {
  try {
    rule.check(text, env, production)
    return []
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error
    return [error.message.includes(rule.key) ? error.message : `${rule.key}: ${error.message}`]
  }
}

function checkPort(text: string): void {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return
  throw new ConfigInvalid('PORT must be a whole number from 0 to 65535')
}

import { createRootSecret } from '@sigra/core'
import { describe, expect, it } from 'vitest'
import { checkSettings } from './check-settings.ts'

const complete = {
  NODE_ENV: 'production',
  APP_ORIGIN: 'https://app.example.com',
  DATABASE_URL: 'postgresql://app:password@db:5432/app',
  SIGRA_SECRETS: createRootSecret(),
  SMTP_URL: 'smtps://user:password@smtp.example.com:465',
  MAIL_FROM: '"My App <hello@example.com>"', // with the quotes that an env file may keep
  TRUSTED_PROXIES: '0',
}

function problemsOf(change: Record<string, string | undefined>): string[] {
  try {
    checkSettings({ ...complete, ...change })
    return []
  } catch (error) {
    return error instanceof Error ? error.message.split('\n') : ['no error']
  }
}

describe('checkSettings', () => {
  it('takes what is complete, and in development nothing at all', () => {
    expect(problemsOf({})).toEqual([])
    expect(() => checkSettings({})).not.toThrow()
    expect(() => checkSettings({ NODE_ENV: 'development' })).not.toThrow()
  })

  it('names all that is missing in one go, a sentence each', () => {
    expect(() => checkSettings({ NODE_ENV: 'production' })).toThrow()
    const missing = problemsOf(
      Object.fromEntries(
        Object.keys(complete)
          .slice(1)
          .map((key) => [key, '']),
      ),
    )
    expect(missing.map((sentence) => /^\w+ is missing: /.exec(sentence)?.[0])).toEqual([
      'APP_ORIGIN is missing: ',
      'DATABASE_URL is missing: ',
      'SIGRA_SECRETS is missing: ',
      'SMTP_URL is missing: ',
      'MAIL_FROM is missing: ',
      'TRUSTED_PROXIES is missing: ',
    ])
  })

  it('names all that is wrong in one go, by its variable and without its value', () => {
    const problems = problemsOf({
      APP_ORIGIN: 'http://app.example.com',
      DATABASE_URL: 'postgresql://app:s3cret#word@db/app',
      DATABASE_OWNER_URL: 'mysql://owner:s3cret@db/app',
      SIGRA_SECRETS: 'k1:s3cret',
      SMTP_URL: 'smtp.example.com',
      MAIL_FROM: 'My App',
      TRUSTED_PROXIES: 'one',
      PORT: 'eighty',
    })
    const keys = [
      'APP_ORIGIN',
      'DATABASE_URL',
      'DATABASE_OWNER_URL',
      'SIGRA_SECRETS',
      'SMTP_URL',
      'MAIL_FROM',
      'TRUSTED_PROXIES',
      'PORT',
    ]
    expect(problems).toHaveLength(keys.length)
    keys.forEach((key, index) => expect(problems[index]).toContain(key))
    expect(problems.join()).not.toContain('s3cret')
  })

  it('names the variable that lets http be, not an option its reader does not set', () => {
    const APP_ORIGIN = 'http://localhost:3000'
    expect(problemsOf({ APP_ORIGIN })).toEqual([
      'APP_ORIGIN: origin must be https in production (SIGRA_ALLOW_LOOPBACK_HTTP is for tests)',
    ])
    expect(problemsOf({ APP_ORIGIN, SIGRA_ALLOW_LOOPBACK_HTTP: '1' })).toEqual([])
  })

  it('leaves out what an app does without', () => {
    const { SMTP_URL: _smtp, ...env } = complete
    expect(() => checkSettings(env)).toThrow('SMTP_URL is missing')
    expect(() => checkSettings(env, { optional: ['SMTP_URL'] })).not.toThrow()
  })
})

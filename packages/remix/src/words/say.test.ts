import { describe, expect, expectTypeOf, it, vi } from 'vitest'
import type { Accounts } from '../accounts.ts'
import type { ParsedJson } from '../forms/parse-json.ts'
import type { Organizations } from '../organizations/organizations.ts'
import type { OrganizationRefusal } from '../organizations/refusal.ts'
import type { Passkeys } from '../passkeys/passkeys.ts'
import type { PasskeyRefusal } from '../passkeys/refusal.ts'
import { type AccountRefusal, type FieldReason, say, type SentencesFor } from './say.ts'

const reasons = {
  'too-short': ({ minLength }) => `At least ${minLength}.`,
  'too-long': ({ maxLength }) => `At most ${maxLength}.`,
  'too-common': 'Too common.',
  'contains-own-words': 'Own words.',
  breached: 'Breached.',
  'unusable-characters': 'Characters.',
  'not-an-email-address': 'No address.',
  'other-domain': ({ domains }) => `Not at ${domains.join(', ')}.`,
  'same-address': 'own address',
  'not-your-address': 'another address',
  'not-your-password': 'Not yours.',
  'same-password': 'The same.',
} satisfies SentencesFor<FieldReason>

describe('say', () => {
  it('says a reason with its number, and a sentence of the app as it is', () => {
    const tooShort = { reason: 'too-short', minLength: 12 }
    expect(say(reasons, tooShort, 'No.')).toBe('At least 12.')
    expect(say(reasons, { reason: 'breached' }, 'No.')).toBe('Breached.')
    expect(say(reasons, 'Not invited.', 'No.')).toBe('Not invited.')
  })

  it('has a general sentence for a reason that nobody knows, and tells the developer once', () => {
    const tell = vi.fn<(sentence: string) => void>()
    for (let n = 0; n < 3; n++) expect(say(reasons, { reason: 'of-tomorrow' }, 'No.', tell)).toBe('No.')
    expect(say(reasons, { reason: 'constructor' }, 'No.', tell)).toBe('No.')
    expect(tell.mock.calls).toEqual([
      ['There is no sentence for the reason "of-tomorrow": people read "No."'],
      ['There is no sentence for the reason "constructor": people read "No."'],
    ])
  })

  it('is silent in production', () => {
    const tell = vi.fn<(sentence: string) => void>()
    vi.stubEnv('NODE_ENV', 'production')
    expect(say(reasons, { reason: 'of-next-week' }, 'No.', tell)).toBe('No.')
    vi.unstubAllEnvs()
    expect(tell).not.toHaveBeenCalled()
  })

  it('does not compile without a sentence for each reason', () => {
    // @ts-expect-error -- `last` has none
    const some = { first: 'One.' } satisfies SentencesFor<{ reason: 'first' | 'last' }>
    const all = { first: 'One.' } satisfies SentencesFor<{ reason: 'first' | 'last' }, 'last'>
    expect(some).toEqual(all)
  })
})

type RefusalOf<Context, Name extends keyof Context = keyof Context> = Name extends unknown
  ? Context[Name] extends (...args: never) => Promise<infer Result>
    ? Extract<Result, { ok: false }>
    : never
  : never

describe('the refusals that are written out', () => {
  it('are those that the functions of an account say', () => {
    type Said = Exclude<RefusalOf<Accounts, Exclude<keyof Accounts, keyof Passkeys>>, { errors: unknown }>
    expectTypeOf<Said['reason']>().toEqualTypeOf<AccountRefusal['reason']>()
    expectTypeOf<Said>().toExtend<AccountRefusal>()
  })

  it('are those that the functions of passkeys say', () => {
    type Said = RefusalOf<Passkeys> | Extract<ParsedJson<unknown>, { ok: false }>
    expectTypeOf<Said['reason']>().toEqualTypeOf<PasskeyRefusal['reason']>()
    expectTypeOf<Said>().toExtend<PasskeyRefusal>()
  })

  it('are those that the functions of organizations say, and what keeps an account', () => {
    type Said = Exclude<RefusalOf<Organizations<string, string>>, { errors: unknown }>
    type Kept = { reason: 'only-owner' | 'goes-along' | 'comes-back'; names: readonly string[] }
    expectTypeOf<Said['reason'] | Kept['reason']>().toEqualTypeOf<OrganizationRefusal['reason']>()
    expectTypeOf<Said | Kept>().toExtend<OrganizationRefusal>()
  })
})

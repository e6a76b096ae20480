import { createHash } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkPassword, type PasswordPolicy } from './password-policy.ts'
import { anyText } from './testing-only/any-text.ts'

const policy: PasswordPolicy = { minLength: 12, maxLength: 256, breachCheck: null }
const good = 'lamp orbit cactus violin'

async function problemOf(
  password: unknown,
  ownWords: string[] = [],
  other: Partial<PasswordPolicy> = {},
): Promise<unknown> {
  const result = await checkPassword(password, { ...policy, ...other }, ownWords)
  return result.ok ? null : result.problem
}

describe('checkPassword', () => {
  it('gives back the form to hash', async () => {
    expect(await checkPassword('cafe\u0301 orbit cactus', policy, [])).toEqual({
      ok: true,
      password: 'caf\u00e9 orbit cactus',
      breachCheckUnavailable: false,
    })
  })

  it('counts code points, not bytes or UTF-16 units', async () => {
    expect(await problemOf('äöüßéèêñçøåæ')).toBeNull()
    expect(await problemOf('😀🙈🎷🚲🌵🎻')).toBe('too-short')
    expect(await problemOf('lamp orbit c')).toBeNull()
    expect(await problemOf('lamp orbit ')).toBe('too-short')
    expect(await problemOf('lamp orbit cac', [], { minLength: 15 })).toBe('too-short')
  })

  it('asks for no capital, digit or sign', async () => {
    expect(await problemOf(good)).toBeNull()
  })

  it.each([
    ['too-long', 'x y'.repeat(100)],
    ['too-long', 'a'.repeat(10_000_000)],
    ['unreadable', 'nul\0 orbit cactus'],
    ['unreadable', 'lone \ud800 orbit cactus'],
    ['unreadable', undefined],
    ['unreadable', ['lamp orbit cactus']],
    ['too-short', ''],
    ['too-common', 'Password2026!'],
  ])('PWD-01 PWD-03 PWD-06 says %s', async (problem, password) => {
    expect(await problemOf(password)).toBe(problem)
  })

  it.each([
    ['Acme', 'orbit acme cactus'],
    ['Acme', 'orbit 4CM3 cactus'],
    ['app.tangerine.example', 'tangerine-orbit-19'],
    ['jane.doering', 'cactus of doering!'],
    ['jane.doering', 'cactus of JANE lamp'],
    ['Blaue Straße', 'orbit straße violin'],
  ])('PWD-06 refuses the own word of %s in %s', async (words, password) => {
    expect(await problemOf(password, [words])).toBe('contains-own-words')
  })

  it('leaves alone words too short or too common to be anyone’s own', async () => {
    expect(await problemOf('bottom of the orbit', ['tom', 'app.mail.com', '', '...'])).toBeNull()
  })

  it('PWD-06 refuses a breached password, and hands on its SHA-1 only', async () => {
    const asked: string[] = []
    const breachCheck = async (sha1: string): Promise<'breached'> => {
      asked.push(sha1)
      return 'breached'
    }
    expect(await problemOf(good, [], { breachCheck })).toBe('breached')
    expect(asked).toEqual([createHash('sha1').update(good).digest('hex').toUpperCase()])
  })

  it('asks nobody about a password that is refused anyway', async () => {
    const breachCheck = (): never => expect.unreachable()
    expect(await problemOf('Password2026!', [], { breachCheck })).toBe('too-common')
  })

  it('PWD-07 accepts and says so when the breach query is away, and the offline list still holds', async () => {
    for (const breachCheck of [
      async () => 'unavailable' as const,
      () => Promise.reject(new TypeError('broken')),
    ]) {
      const result = await checkPassword(good, { ...policy, breachCheck }, [])
      expect(result).toMatchObject({ ok: true, breachCheckUnavailable: true })
      expect(await problemOf('Password2026!', [], { breachCheck })).toBe('too-common')
    }
  })

  it('PWD-03 never throws, whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), anyText(), async (value, word) => {
        expect(await checkPassword(value, policy, [word])).toHaveProperty('ok')
      }),
    )
    await fc.assert(
      fc.asyncProperty(anyText({ minLength: 12 }), async (text) => {
        expect(await checkPassword(text, policy, [text.slice(3)])).toHaveProperty('ok')
      }),
    )
  })
})

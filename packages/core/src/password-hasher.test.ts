import { bcrypt as bcryptHash } from 'hash-wasm'
import { afterAll, describe, expect, it } from 'vitest'
import published from '../../../fixtures/vectors/bcrypt.json' with { type: 'json' }
import { ConfigInvalid, Overloaded } from './errors.ts'
import { createPasswordHasher, type PasswordEngine, type PasswordHasher } from './password-hasher.ts'

const cheap = { memoryKib: 128, passes: 2, parallelism: 1 }
const weaker = createPasswordHasher({ ...cheap, memoryKib: 64 })
const stronger = createPasswordHasher({ ...cheap, memoryKib: 256 })
const hasher = createPasswordHasher(cheap)
afterAll(() => Promise.all([weaker, stronger, hasher].map((each) => each.close())))

const [bcrypt = { password: '', hash: '' }] = published.cases
const bcryptHashes = published.cases.filter(({ password }) => password === 'U*U*U')

async function countCalls(of: PasswordHasher, work: () => Promise<unknown>): Promise<number> {
  const before = of.calls
  await work()
  return of.calls - before
}

describe('hash', () => {
  it('writes argon2id at the default cost of the contract', async () => {
    const standard = createPasswordHasher()
    const phc = await standard.hash('correct horse')
    expect(phc).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    expect(await standard.verify(phc, 'correct horse')).toMatchObject({ ok: true, needsRehash: false })
    await standard.close()
  })

  it('salts: the same password is never stored alike', async () => {
    expect(await hasher.hash('correct horse')).not.toBe(await hasher.hash('correct horse'))
  })

  it('PWD-01 PWD-03 refuses what never was checked instead of hashing a part of it', async () => {
    for (const password of ['', 'a'.repeat(257), 'nul\0', 'lone\ud800']) {
      await expect(hasher.hash(password)).rejects.toThrow(ConfigInvalid)
    }
  })
})

describe('verify', () => {
  it('tells the right password from a wrong one', async () => {
    const phc = await hasher.hash('correct horse')
    expect(await hasher.verify(phc, 'correct horse')).toEqual({ ok: true, needsRehash: false, upgrade: null })
    expect(await hasher.verify(phc, 'correct horsf')).toEqual({
      ok: false,
      needsRehash: false,
      upgrade: null,
    })
  })

  it('PWD-04 accepts the password typed in another Unicode form, and no look-alike', async () => {
    const phc = await hasher.hash('caf\u00e9 noir')
    expect((await hasher.verify(phc, 'cafe\u0301 noir')).ok).toBe(true)
    expect((await hasher.verify(phc, 'cafe noir')).ok).toBe(false)
    expect((await hasher.verify(await hasher.hash('fisch'), '\ufb01sch')).ok).toBe(false)
  })

  it('PWD-03 refuses a password that only starts right', async () => {
    const phc = await hasher.hash('correct')
    expect((await hasher.verify(phc, 'correct\0horse')).ok).toBe(false)
    const long = await hasher.hash('a'.repeat(256))
    expect((await hasher.verify(long, 'a'.repeat(257))).ok).toBe(false)
  })

  it('upgrades a weaker hash with the call it makes anyway', async () => {
    const stored = await weaker.hash('correct horse')
    const { ok, needsRehash, upgrade } = await hasher.verify(stored, 'correct horse')
    expect({ ok, needsRehash }).toEqual({ ok: true, needsRehash: true })
    expect(upgrade).toContain('m=128,t=2,p=1')
    expect(await hasher.verify(upgrade, 'correct horse')).toMatchObject({ ok: true, needsRehash: false })
    expect(await hasher.verify(stored, 'wrong')).toEqual({ ok: false, needsRehash: false, upgrade: null })
  })

  it('accepts a stronger hash and leaves it', async () => {
    const stored = await stronger.hash('correct horse')
    expect(await hasher.verify(stored, 'correct horse')).toEqual({
      ok: true,
      needsRehash: false,
      upgrade: null,
    })
  })

  it.each(bcryptHashes.filter(({ password }) => password.length <= 72))(
    'accepts and upgrades $hash',
    async ({ password, hash }) => {
      const { ok, upgrade } = await hasher.verify(hash, password)
      expect(ok).toBe(true)
      expect(upgrade).toMatch(/^\$argon2id\$/)
      expect((await hasher.verify(upgrade, password)).ok).toBe(true)
      expect(await hasher.verify(hash, 'wrong')).toEqual({ ok: false, needsRehash: false, upgrade: null })
    },
  )

  it.each([
    ['ascii', 'p'.repeat(72)],
    ['two bytes a letter', 'é'.repeat(36)],
    ['four bytes a sign', '🔑'.repeat(18)],
  ])('PWD-03 upgrades no bcrypt hash by more than the 72 bytes it compares: %s', async (_, first72) => {
    // What a library made of the owner's longer password, too.
    const hash = await bcryptHash({ password: first72, salt: new Uint8Array(16), costFactor: 4 })
    for (const typed of [
      first72,
      first72.normalize('NFD'),
      `${first72}the owner's end`,
      `${first72}another end`,
      `${first72}!`,
    ]) {
      const calls = await countCalls(hasher, async () => {
        expect(await hasher.verify(hash, typed)).toEqual({ ok: true, needsRehash: false, upgrade: null })
      })
      expect(calls).toBe(1) // made all the same, and thrown away
    }
    const shorter = 'p'.repeat(71)
    const whole = await bcryptHash({ password: shorter, salt: new Uint8Array(16), costFactor: 4 })
    expect(await hasher.verify(whole, shorter)).toMatchObject({ ok: true, needsRehash: true })
  })

  it('ENUM-02 makes exactly one call of current cost, whatever is stored and typed', async () => {
    const current = await hasher.hash('right')
    const stored: Record<string, string | null> = {
      nothing: null,
      current,
      weaker: await weaker.hash('right'),
      stronger: await stronger.hash('right'),
      bcrypt: bcrypt.hash,
      nonsense: 'plain text password',
      unaffordable: current.replace('m=128', 'm=4294967'),
      empty: '',
    }
    for (const [what, phc] of Object.entries(stored)) {
      for (const password of ['right', 'wrong', bcrypt.password, '', 'nul\0', 'a'.repeat(5000)]) {
        expect([what, await countCalls(hasher, () => hasher.verify(phc, password))]).toEqual([what, 1])
      }
    }
  })

  it('is false for nonsense and for a cost beyond the bounds', async () => {
    const phc = await hasher.hash('right')
    for (const stored of ['', 'right', phc.slice(0, -1), phc.replace('m=128', 'm=4294967'), `${phc}\n`]) {
      expect((await hasher.verify(stored, 'right')).ok).toBe(false)
    }
  })
})

describe('createPasswordHasher', () => {
  it('hashes two at a time, lets so many wait, and refuses the next at once', async () => {
    let running = 0
    let most = 0
    const slow: PasswordEngine = {
      async hash(password) {
        most = Math.max(most, ++running)
        const phc = await hasher.hash(password)
        running--
        return phc
      },
      verify: (phc, password) => hasher.verify(phc, password).then(({ ok }) => ok),
    }
    const bounded = createPasswordHasher({ engine: slow, queueLimit: 3 })
    const results = await Promise.allSettled(Array.from({ length: 7 }, () => bounded.verify(null, 'x')))
    expect(results.map(({ status }) => status)).toEqual([
      ...Array(5).fill('fulfilled'),
      'rejected',
      'rejected',
    ])
    expect(results.at(-1)).toMatchObject({ reason: expect.any(Overloaded) })
    expect(most).toBe(2)
    expect(bounded.calls).toBe(5)
  })

  it("takes what a host's engine writes for the current cost", async () => {
    const engine = { hash: (password: string) => stronger.hash(password), verify: async () => true }
    const hosted = createPasswordHasher({ engine })
    const stored = await weaker.hash('right')
    expect(await hosted.verify(await hosted.hash('right'), 'right')).toMatchObject({ needsRehash: false })
    expect(await hosted.verify(stored, 'right')).toMatchObject({ ok: true, needsRehash: true })
  })

  it('refuses an engine that writes something else', async () => {
    const hosted = createPasswordHasher({ engine: { hash: async () => 'plain', verify: async () => true } })
    await expect(hosted.hash('right')).rejects.toThrow(ConfigInvalid)
    expect((await hosted.verify('plain', 'right').catch(() => ({ ok: 'refused' }))).ok).toBe('refused')
  })

  it.each([
    { memoryKib: 7 },
    { passes: 0 },
    { memoryKib: 1e9 },
    { parallelism: 1.5 },
    { concurrency: 0 },
    { queueLimit: -1 },
  ])('refuses %j', (options) => {
    expect(() => createPasswordHasher(options)).toThrow(ConfigInvalid)
  })
})

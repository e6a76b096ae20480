import { bcrypt } from 'hash-wasm'
import { afterAll, describe, expect, it } from 'vitest'
import published from '../../../fixtures/vectors/bcrypt.json' with { type: 'json' }
import { isBcrypt, verifyBcrypt } from './bcrypt.ts'
import { createHashThread } from './hash-thread.ts'

const thread = createHashThread()
afterAll(() => thread.close())

const tail = '$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'

describe('isBcrypt', () => {
  it.each(['$2a$05', '$2b$10', '$2y$14'])('knows %s', (head) => {
    expect(isBcrypt(head + tail)).toBe(true)
  })

  it.each(['$2x$05', '$2$05', '$2a$03', '$2a$15', '$2a$31', '$2a$5', '$1$05', '2a$05'])(
    'refuses %s',
    (head) => {
      expect(isBcrypt(head + tail)).toBe(false)
    },
  )

  it('refuses a hash of another length', () => {
    expect(isBcrypt(`$2a$05${tail}A`)).toBe(false)
    expect(isBcrypt(`$2a$05${tail.slice(0, -1)}`)).toBe(false)
  })
})

describe('verifyBcrypt', () => {
  it.each(published.cases)('agrees with crypt_blowfish on $hash', async ({ password, hash }) => {
    expect(await verifyBcrypt(thread, hash, password)).toBe(true)
    expect(await verifyBcrypt(thread, hash, `x${password}`)).toBe(false)
  })

  it('PWD-03 refuses NUL, behind which a key begins anew', async () => {
    const hash = await bcrypt({ password: 'a', salt: new Uint8Array(16), costFactor: 4 })
    expect(await verifyBcrypt(thread, hash, 'a')).toBe(true)
    for (const password of ['a\0', 'a\0a', 'a\0b', '\0']) {
      expect(await verifyBcrypt(thread, hash, password)).toBe(false)
    }
  })

  it('refuses an empty password', async () => {
    expect(await verifyBcrypt(thread, `$2a$05${tail}`, '')).toBe(false)
  })
})

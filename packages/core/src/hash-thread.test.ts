import { describe, expect, it } from 'vitest'
import { createHashThread, HashingFailed } from './hash-thread.ts'

const salt = new Uint8Array(16)
const argon2id = (memoryKib: number) =>
  ({
    kind: 'argon2id',
    input: { password: 'secret', salt, memoryKib, passes: 1, parallelism: 1, hashBytes: 32 },
  }) as const

describe('createHashThread', () => {
  it('leaves the event loop free while it hashes', async () => {
    const thread = createHashThread()
    await thread.run(argon2id(64))
    let ticks = 0
    const timer = setInterval(() => ticks++, 1)
    await thread.run(argon2id(65_536))
    clearInterval(timer)
    await thread.close()
    expect(ticks).toBeGreaterThan(3)
  })

  it('PWD-11 answers a job it cannot do without the password in the message', async () => {
    const thread = createHashThread()
    const failure = await thread.run(argon2id(1)).catch((error: unknown) => error)
    await thread.close()
    expect(failure).toBeInstanceOf(HashingFailed)
    expect(String(failure)).not.toContain('secret')
  })

  it('fails what was waiting when it is closed, and starts again for the next', async () => {
    const thread = createHashThread()
    const waiting = thread.run(argon2id(65_536)).catch((error: unknown) => error)
    await thread.close()
    expect(await waiting).toBeInstanceOf(HashingFailed)
    expect(await thread.run(argon2id(64))).toHaveLength(32)
    await thread.close()
  })
})

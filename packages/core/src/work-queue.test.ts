import { describe, expect, it } from 'vitest'
import { Overloaded } from './errors.ts'
import { createWorkQueue } from './work-queue.ts'

/** What came of a task before anything else happens: a queue refuses at once or not at all. */
const atOnce = (asked: Promise<unknown>) =>
  Promise.race([
    asked.catch((error: unknown) => error),
    new Promise((resolve) => setImmediate(() => resolve('waits'))),
  ])

describe('createWorkQueue', () => {
  it('runs so many at a time, the rest in order', async () => {
    const queue = createWorkQueue(2, 10)
    const order: number[] = []
    let running = 0
    let most = 0
    const tasks = Array.from({ length: 7 }, (_, index) =>
      queue.run(async () => {
        most = Math.max(most, ++running)
        order.push(index)
        await new Promise((resolve) => setImmediate(resolve))
        running--
        return index
      }),
    )
    expect(await Promise.all(tasks)).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6])
    expect(most).toBe(2)
  })

  it('refuses at once what is one too many, and does not start it', async () => {
    const queue = createWorkQueue(1, 1)
    const gate = Promise.withResolvers<string>()
    const [first, second] = [queue.run(() => gate.promise), queue.run(() => gate.promise)]
    let started = false
    const refused = queue.run(async () => {
      started = true
    })
    expect(await atOnce(refused)).toBeInstanceOf(Overloaded)
    expect(await atOnce(refused)).toMatchObject({ code: 'SIGRA_OVERLOADED', retryAfterSeconds: 2 })
    gate.resolve('done')
    expect(await Promise.all([first, second])).toEqual(['done', 'done'])
    expect(started).toBe(false)
    expect(await queue.run(async () => 'free again')).toBe('free again')
  })

  it('goes on after a task that fails', async () => {
    const queue = createWorkQueue(1, 1)
    const failing = queue.run(() => Promise.reject(new RangeError('broken')))
    const next = queue.run(async () => 'fine')
    await expect(failing).rejects.toThrow('broken')
    expect(await next).toBe('fine')
  })

  it('RL-02 keeps places for named holders, two each, when a crowd has taken all others', async () => {
    const queue = createWorkQueue(1, 8, { places: 4, perHolder: 2 })
    const gate = Promise.withResolvers<void>()
    const wait = (holder?: string) => queue.run(() => gate.promise, holder)
    const admitted = [wait(), ...Array.from({ length: 4 }, () => wait())] // one runs, four wait
    expect(await atOnce(wait())).toBeInstanceOf(Overloaded)
    admitted.push(wait('jane'), wait('jane'))
    expect(await atOnce(wait('jane'))).toBeInstanceOf(Overloaded)
    expect(await atOnce(wait())).toBeInstanceOf(Overloaded)
    admitted.push(wait('joe'), wait('joe'))
    expect(await atOnce(wait('ann'))).toBeInstanceOf(Overloaded)
    gate.resolve()
    await Promise.all(admitted)
    expect(await queue.run(async () => 'free again', 'jane')).toBe('free again')
  })

  it('gives named holders any place as long as there is one, and keeps the order', async () => {
    const queue = createWorkQueue(1, 3, { places: 1, perHolder: 1 })
    const gate = Promise.withResolvers<void>()
    const order: string[] = []
    const wait = (name: string, holder?: string) =>
      queue.run(async () => {
        await gate.promise
        order.push(name)
      }, holder)
    const admitted = [wait('first'), wait('jane', 'jane'), wait('stranger'), wait('jane again', 'jane')]
    expect(await atOnce(wait('too many', 'jane'))).toBeInstanceOf(Overloaded)
    gate.resolve()
    await Promise.all(admitted)
    expect(order).toEqual(['first', 'jane', 'stranger', 'jane again'])
  })
})

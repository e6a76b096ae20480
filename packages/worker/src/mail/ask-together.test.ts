import { describe, expect, it } from 'vitest'
import { askTogether } from './ask-together.ts'

/** Answers each question when it is told to, and keeps them. */
function createClerk(answer = (item: string): string => item.toUpperCase()) {
  const questions: (readonly string[])[] = []
  const doors: PromiseWithResolvers<void>[] = []
  const ask = askTogether(async (items: readonly string[]) => {
    questions.push(items)
    const door = Promise.withResolvers<void>()
    doors.push(door)
    await door.promise
    return items.map(answer)
  })
  return { ask, questions, open: () => doors.shift()?.resolve() }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('askTogether', () => {
  it('asks about one thing at once', async () => {
    const { ask, questions, open } = createClerk()
    const answer = ask('a')
    expect(questions).toEqual([['a']])
    open()
    expect(await answer).toBe('A')
  })

  it('asks together about what came while it was asking, and gives each its own answer', async () => {
    const { ask, questions, open } = createClerk()
    const answers = Promise.all(['a', 'b', 'c'].map((item) => ask(item)))
    open()
    await settled()
    expect(questions).toEqual([['a'], ['b', 'c']])
    open()
    expect(await answers).toEqual(['A', 'B', 'C'])
  })

  it('lets none fail for another', async () => {
    const { ask, questions, open } = createClerk((item) => {
      if (item === 'bad') throw new RangeError('poison')
      return item.toUpperCase()
    })
    const answers = Promise.allSettled(['a', 'bad', 'c'].map((item) => ask(item)))
    for (let n = 0; n < 4; n++) {
      open()
      await settled()
    }
    expect(questions).toEqual([['a'], ['bad', 'c'], ['bad'], ['c']])
    expect(await answers).toMatchObject([
      { value: 'A' },
      { reason: new RangeError('poison') },
      { value: 'C' },
    ])
  })

  it('goes on after a failure', async () => {
    let isDown = true
    const ask = askTogether(async (items: readonly string[]) => {
      if (isDown) throw new RangeError('away')
      return items
    })
    await expect(ask('a')).rejects.toThrow('away')
    isDown = false
    expect(await ask('b')).toBe('b')
  })

  it('tells who got no answer', async () => {
    await expect(askTogether(async () => [])('a')).rejects.toMatchObject({ code: 'SIGRA_IMPOSSIBLE' })
  })
})

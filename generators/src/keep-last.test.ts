import { expect, it } from 'vitest'
import { keepLast } from './keep-last.ts'

it('makes once what is asked for again, null too, and anew what others have pushed out', () => {
  const made: string[] = []
  const kept = keepLast<null>(2)
  const ask = (key: string) =>
    kept(key, () => {
      made.push(key)
      return null
    })
  for (const key of ['one', 'one', 'two', 'one', 'three', 'one', 'two']) ask(key)
  expect(made).toEqual(['one', 'two', 'three', 'two'])
})

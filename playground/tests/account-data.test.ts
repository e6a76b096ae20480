import { undeclaredTables } from '@sigra/dev/testing'
import { expect, it } from 'vitest'
import { sigra } from '../app/sigra.server.ts'

it('says what becomes of everything that belongs to somebody', () => {
  expect(undeclaredTables(sigra)).toEqual([])
})

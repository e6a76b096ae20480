import { undeclaredTables } from '@sigra/dev/testing'
import { expect, it } from 'vitest'
import { sigra } from '../app/sigra.server.ts'

it('says in app/account-data.ts what becomes of everything that belongs to a user', () => {
  expect(undeclaredTables(sigra)).toEqual([])
})

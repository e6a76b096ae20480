import { describe, expect, it } from 'vitest'
import { parseRowId } from './row-id.ts'

describe('parseRowId', () => {
  it.each(['0', '9223372036854775807', '-1', '01890a5d-ac96-774b-bcce-b302099a8057'])('reads %s', (id) => {
    expect(parseRowId(id)).toBe(id)
  })

  it.each(['', '\0', '1\0', '1\n', ' 1', "1'", 'x', '１', '1'.repeat(37), 1, null, undefined, ['1']])(
    'PWD-03: knows that no row has the id %j',
    (id) => {
      expect(parseRowId(id)).toBeNull()
    },
  )
})

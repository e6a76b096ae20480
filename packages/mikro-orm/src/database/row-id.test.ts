import { describe, expect, it } from 'vitest'
import { compile } from './sql.ts'
import { parseId, parseRowId } from './row-id.ts'

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

describe('parseId', () => {
  const valueOf = (idType: 'uuid' | 'bigint', typed: unknown) => {
    const id = parseId({ idType }, typed)
    return id && compile(id)
  }

  it('makes a value of the type that ids of the app have', () => {
    const uuid = '01890a5d-ac96-774b-bcce-b302099a8057'
    expect(valueOf('uuid', uuid)).toEqual({ text: '$1::uuid', values: [uuid] })
    expect(valueOf('bigint', '9223372036854775807')).toEqual({
      text: '$1::bigint',
      values: ['9223372036854775807'],
    })
  })

  it.each(['', '1\0', '-1', '1.5', '9223372036854775808', 'x', '١', 1, null, ['1'], '0'.repeat(20)])(
    'knows what PostgreSQL would throw at: %j',
    (typed) => {
      expect(valueOf('bigint', typed)).toBeNull()
      expect(valueOf('uuid', typed)).toBeNull()
    },
  )

  it('takes no id of the other kind', () => {
    expect(valueOf('uuid', '1')).toBeNull()
    expect(valueOf('bigint', '01890a5d-ac96-774b-bcce-b302099a8057')).toBeNull()
  })
})

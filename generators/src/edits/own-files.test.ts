import { describe, expect, it } from 'vitest'
import { editContext, reasonOf } from '../testing-only/try-edit.ts'
import { serverEdit as createServerEdit } from './own-files.ts'

const serverEdit = createServerEdit(editContext)

describe('server.ts', () => {
  it('of the host is not guessed at: the lines of the wrapper are printed', () => {
    expect(serverEdit.ensure("import express from 'express'\n")).toMatchObject({
      outcome: 'manual',
      snippet: /sigraExpressErrors/u,
    })
    expect(reasonOf(serverEdit, "import { sigraExpress } from '@sigra/remix/express'\n")).toBe('already')
  })
})

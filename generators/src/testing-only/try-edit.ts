import { expect } from 'vitest'
import type { EditContext, HostEdit } from '../edits/edit.ts'
import { smallState } from './small-app.ts'

/** What edits of code are made from. */
export const editContext: EditContext = {
  state: smallState(),
  rendered: new Map([['app/accounts/entities/index.ts', '']]),
  before: null,
  hasOwnDatabase: false,
  isInWorkspace: false,
}

/** The text after an edit that must succeed, and that must find nothing to do the second time. */
export function edited(edit: HostEdit, text: string): string {
  const result = edit.ensure(text)
  if (result.outcome !== 'changed') throw new Error(`${edit.id}: ${JSON.stringify(result)}`)
  expect(edit.ensure(result.text)).toEqual({ outcome: 'already' })
  return result.text
}

/** Why an edit is left to the host, or what else came of it. */
export function reasonOf(edit: HostEdit, text: string | null): string {
  const result = edit.ensure(text)
  return result.outcome === 'manual' ? result.reason : result.outcome
}

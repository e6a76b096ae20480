import { describe, expect, it } from 'vitest'
import { TemplateInvalid } from '../errors.ts'
import type { FeatureParts } from './feature-parts.ts'
import { withoutFeatures } from './without-features.ts'

const from = './passkeys/medals.ts'
const feature: FeatureParts = {
  folder: 'app/medals',
  tables: [],
  packages: [],
  env: [],
  identifiers: [],
  segments: [],
  reserved: { contexts: [], entities: [], tables: [] },
  joints: { 'app/medals.ts': [{ from, name: 'medals' }] },
}
const leaveOut = (...lines: readonly string[]) =>
  withoutFeatures('app/medals.ts', [`import { medals } from '${from}'`, '', ...lines, ''].join('\n'), [
    feature,
  ])

describe('an app without a feature', () => {
  it('has neither its import nor an entry made of that name', () => {
    expect(
      leaveOut('export const all = [medals, silver]', 'export const words = { own, ...medals.words }'),
    ).toBe('export const all = [silver]\nexport const words = { own }\n')
  })

  it.each([
    ['a list', "export const samples = { done: { at, removed: ['password', ...medals.removed] } }"],
    ['an object', 'export const ways = [{ id: 1, label: medals.label }]'],
  ])('loses no entry of which the name is only part, in %s: the template is refused', (_, line) => {
    expect(() => leaveOut(line)).toThrow(TemplateInvalid)
    expect(() => leaveOut(line)).toThrow('is only part of the entry')
  })

  it('is refused a template that uses the name beside entries', () => {
    expect(() => leaveOut('export const first = medals')).toThrow('is more than an entry here')
  })
})

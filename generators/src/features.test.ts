import { describe, expect, it } from 'vitest'
import { sortFeatures } from './features.ts'
import { partsWithout } from './features/feature-parts.ts'
import { formatIntent } from './intent-file.ts'
import { parseIntent } from './parse-intent.ts'
import { rulesOf } from './rules.ts'
import { createState } from './state.ts'
import { loadTemplate } from './template.ts'

describe('sortFeatures', () => {
  it('knows one order, and each feature once', () => {
    expect(sortFeatures(['passkeys', 'accounts', 'passkeys'])).toEqual(['accounts', 'passkeys'])
  })

  it('refuses what has no ground to stand on', () => {
    expect(() => sortFeatures(['passkeys'])).toThrow(
      /passkeys needs accounts, .* add accounts, or leave passkeys out/u,
    )
  })
})

describe('partsWithout', () => {
  it('names what an app without a feature must not have', () => {
    const { features } = rulesOf(loadTemplate())
    expect([...partsWithout(features, ['accounts'], 'packages')]).toEqual(['@simplewebauthn/browser'])
    expect(partsWithout(features, Object.keys(features), 'tables').size).toBe(0)
  })
})

describe('sigra.json', () => {
  it('says which features an app has, and takes no other', () => {
    const text = formatIntent(createState({ version: '1.0.0', features: ['accounts'] }))
    expect(text).toContain('"features": ["accounts"],')
    expect(parseIntent(text, '1.0.0').features).toEqual(['accounts'])
    expect(() => parseIntent(text.replace('"accounts"', '"accounts", "passkey"'), '1.0.0')).toThrow(
      /features\.1 must be one of accounts, passkeys/u,
    )
  })
})

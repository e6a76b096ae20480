import { describe, expect, it } from 'vitest'
import {
  createPersonalSlug,
  isOrganizationSlug,
  parseOrganizationSlug,
  reservedSlugs,
} from './organization-slug.ts'

const taken = { ok: false, reason: 'slug-taken' }

describe('parseOrganizationSlug', () => {
  it.each(['acme', 'a1c', 'acme-2', 'a-b-c', 'a'.repeat(48)])('takes %s', (slug) => {
    expect(parseOrganizationSlug(slug, [])).toEqual({ ok: true, slug })
  })

  it.each([
    ['two letters', 'ab'],
    ['49 letters', 'a'.repeat(49)],
    ['a capital', 'Acme'],
    ['a digit first', '1acme'],
    ['a hyphen first', '-acme'],
    ['a hyphen last', 'acme-'],
    ['two hyphens', 'ac--me'],
    ['what browsers decode', 'xn-acme'],
    ['a suffix of data requests', 'acme.data'],
    ['a Cyrillic letter', 'аcme'],
    ['a full-width letter', 'ａcme'],
    ['a line break', 'acme\n'],
    ['a direction mark', 'acme\u202e'],
    ['Arabic', 'شركة'],
    ['Hebrew', 'חברה'],
    ['Chinese', '公司名'],
    ['an emoji', 'acme-🚀'],
    ['a letter with its mark', 'café'],
    ['a letter and its mark', 'cafe\u0301'],
    ['a ligature', 'ﬁrst'],
    ['a joiner', 'ac\u200dme'],
    ['an underscore', 'ac_me'],
    ['nothing', ''],
    ['no text', ['acme']],
  ])('ORG-10: refuses %s', (_, slug) => {
    expect(parseOrganizationSlug(slug, [])).toEqual({ ok: false, reason: 'bad-slug' })
  })

  it('refuses words that paths begin with, and the app’s own', () => {
    for (const word of reservedSlugs) expect(parseOrganizationSlug(word, [])).toEqual(taken)
    expect(parseOrganizationSlug('billing', [])).toEqual({ ok: true, slug: 'billing' })
    expect(parseOrganizationSlug('billing', ['billing'])).toEqual(taken)
  })

  it('gives nobody the slug of a personal organization by choice', () => {
    const slug = createPersonalSlug()
    expect(slug).toMatch(/^p-[a-z0-9]{10}$/)
    expect(isOrganizationSlug(slug)).toBe(true)
    expect(parseOrganizationSlug(slug, [])).toEqual(taken)
    expect(createPersonalSlug()).not.toBe(slug)
  })
})

describe('createPersonalSlug', () => {
  it('leaves bytes out by which some letters would come more often', () => {
    const rounds = [new Uint8Array(10).fill(255), new Uint8Array(10).fill(251)]
    expect(createPersonalSlug((bytes) => bytes.set(rounds.shift() ?? []))).toBe('p-9999999999')
  })
})

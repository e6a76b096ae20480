import { describe, expect, it } from 'vitest'
import { parseOrganizationPaths, replaceSlug, routedWithin } from './organization-paths.ts'

const paths = parseOrganizationPaths(['/organizations/:slug', '/t/:slug'])

describe('the path of a page of an organization', () => {
  it('names it, however deep the page is', () => {
    expect(routedWithin(paths, '/organizations/acme')).toBe('acme')
    expect(routedWithin(paths, '/organizations/acme/projects/7')).toBe('acme')
    expect(routedWithin(paths, '/t/acme/')).toBe('acme')
  })

  it('names none elsewhere', () => {
    for (const path of ['/', '/organizations', '/organizations/', '/team/acme', '/users/organizations/acme'])
      expect(routedWithin(paths, path)).toBeNull()
  })

  it('leads to the same page of another one', () => {
    expect(replaceSlug(paths, '/organizations/acme/settings', 'rival')).toBe('/organizations/rival/settings')
    expect(replaceSlug(paths, '/t/ACME', 'rival')).toBe('/t/rival')
    expect(replaceSlug(paths, '/other', 'rival')).toBe('/other')
  })

  it.each([
    [[]],
    [['/organizations']],
    [['/organizations/:slug/settings']],
    [['organizations/:slug']],
    ['/t/:slug'],
  ])('stops the start where it names none: %j', (wrong) => {
    const given: readonly string[] = JSON.parse(JSON.stringify(wrong))
    expect(() => parseOrganizationPaths(given)).toThrow('organizations: paths must be a list')
  })
})

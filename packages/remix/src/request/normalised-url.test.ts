import { describe, expect, it } from 'vitest'
import { normalisedUrl } from './normalised-url.ts'

const pathOf = (path: string) => {
  const { pathname, search } = normalisedUrl({ request: new Request(`https://app.test${path}`) })
  return pathname + search
}

describe('normalisedUrl', () => {
  it.each([
    ['/dashboard', '/dashboard'],
    ['/dashboard.data', '/dashboard'],
    ['/dashboard.data?_routes=routes%2Fdashboard&tab=2', '/dashboard?tab=2'],
    ['/_root.data', '/'],
    ['/_.data', '/'],
    ['/files/_.data', '/files/'],
    ['/dashboard?index', '/dashboard'],
    ['/dashboard?index&tab=2', '/dashboard?tab=2'],
    ['/list?index=3', '/list?index=3'],
    ['/a.data.csv', '/a.data.csv'],
  ])('makes a page of %s', (raw, page) => {
    expect(pathOf(raw)).toBe(page)
  })

  it('takes the URL React Router gives', () => {
    const url = new URL('https://app.test/real?x=1')
    expect(normalisedUrl({ request: new Request('https://app.test/raw.data'), url }).href).toBe(url.href)
  })

  it('leaves the URL it was given as it is', () => {
    const url = new URL('https://app.test/dashboard?_routes=x')
    normalisedUrl({ request: new Request(url), url })
    expect(url.search).toBe('?_routes=x')
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type BrowserNames, readBrowserNames } from './browser-names.ts'

const AGENTS: [string, BrowserNames['name'], BrowserNames['system']][] = [
  ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'Firefox', 'Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
    'Chrome',
    'Windows',
  ],
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0',
    'Edge',
    'Windows',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
    'Safari',
    'macOS',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
    'Safari',
    'iPhone',
  ],
  [
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
    'Chrome',
    'Android',
  ],
  ['Mozilla/5.0 (Linux; SomethingNew/1.0)', null, 'Linux'],
  ['Firefox/145.0', 'Firefox', null],
  ['curl/8.5.0', null, null],
]

describe('readBrowserNames', () => {
  it('names browser and system as a person would know them', () => {
    for (const [agent, name, system] of AGENTS) expect(readBrowserNames(agent)).toEqual({ name, system })
    expect(readBrowserNames(null)).toEqual({ name: null, system: null })
  })

  it('INJ-02 lets nothing through that was sent', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (agent) => {
        const { name, system } = readBrowserNames(`Firefox/1 <script>\r\nBcc: ${agent}`)
        expect(name).toBe('Firefox')
        expect(system ?? 'none').toMatch(/^\w+$/)
      }),
    )
  })
})

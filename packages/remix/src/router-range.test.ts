import { describe, expect, it } from 'vitest'
import { satisfies } from 'semver'
import manifest from '../package.json' with { type: 'json' }

const range = manifest.peerDependencies['react-router']
const remixRange = manifest.peerDependencies['@remix-run/server-runtime']

describe('the supported range of react-router', () => {
  it.each(['6.30.1', '6.30.3', '7.0.0', '7.12.0', '7.18.2', '8.0.0', '8.2.9', '9.0.0'])(
    'RR-12 leaves out %s',
    (version) => {
      expect(satisfies(version, range)).toBe(false)
    },
  )

  // 6.30.4 is what Remix 2.17.5 itself installs.
  it.each(['6.30.4', '7.18.3', '7.20.0', '8.3.0', '8.4.0'])('takes %s', (version) => {
    expect(satisfies(version, range)).toBe(true)
  })
})

describe('the supported range of Remix', () => {
  it.each(['1.19.3', '2.16.8', '2.17.4', '3.0.0'])('RR-12 leaves out %s', (version) => {
    expect(satisfies(version, remixRange)).toBe(false)
  })

  it('takes 2.17.5', () => {
    expect(satisfies('2.17.5', remixRange)).toBe(true)
  })
})

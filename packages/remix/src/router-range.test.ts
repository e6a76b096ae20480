import { describe, expect, it } from 'vitest'
import { satisfies } from 'semver'
import manifest from '../package.json' with { type: 'json' }

const range = manifest.peerDependencies['react-router']

describe('the supported range of react-router', () => {
  it.each(['6.30.1', '7.0.0', '7.12.0', '7.18.2', '8.0.0', '8.2.9', '9.0.0'])(
    'RR-12 leaves out %s',
    (version) => {
      expect(satisfies(version, range)).toBe(false)
    },
  )

  it.each(['7.18.3', '7.20.0', '8.3.0', '8.4.0'])('takes %s', (version) => {
    expect(satisfies(version, range)).toBe(true)
  })
})

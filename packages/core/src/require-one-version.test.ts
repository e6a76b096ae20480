import { expect, it } from 'vitest'
import { ConfigInvalid } from './errors.ts'
import { requireOneVersion } from './require-one-version.ts'

const remix = { name: '@sigra/remix', version: '0.2.0' }

it('lets packages of one version pass', () => {
  const check = () =>
    requireOneVersion(remix, [
      { name: '@sigra/mikro-orm', version: '0.2.0' },
      { name: '@sigra/core', version: '0.2.0' },
    ])
  expect(check).not.toThrow()
})

it.each(['0.1.0', '0.2.1', '0.2.0-beta.1'])('refuses %s beside 0.2.0, and names both', (version) => {
  const check = () =>
    requireOneVersion(remix, [
      { name: '@sigra/mikro-orm', version: '0.2.0' },
      { name: '@sigra/core', version },
    ])
  expect(check).toThrow(ConfigInvalid)
  expect(check).toThrow(
    `@sigra/remix is at version 0.2.0, but @sigra/core at ${version}: install all @sigra packages at one version`,
  )
})

import { globSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { leftChanged, processState } from './left-as-found.ts'

const root = join(import.meta.dirname, '..')
const here = process.cwd()
const listener = () => undefined

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  vi.unstubAllGlobals()
  process.off('SIGUSR2', listener)
  process.chdir(here)
  process.exitCode = undefined
})

function changedBy(change: () => unknown): string[] {
  const before = processState()
  change()
  return leftChanged(before, processState())
}

describe('what a test file of a shared process leaves behind', () => {
  it('is nothing where nothing was changed', () => {
    expect(changedBy(() => undefined)).toEqual([])
  })

  it.each([
    ['a variable of the environment', () => vi.stubEnv('LEFT_BEHIND', 'yes'), ['process.env.LEFT_BEHIND']],
    ['the working directory', () => process.chdir(tmpdir()), ['process.cwd()']],
    ['a listener of a signal', () => process.on('SIGUSR2', listener), ['listener 1 of SIGUSR2']],
    ['an exit code', () => (process.exitCode = 3), ['process.exitCode']],
    ['the standard output', () => vi.spyOn(process.stdout, 'write'), ['process.stdout.write']],
    ['the standard error', () => vi.spyOn(process.stderr, 'write'), ['process.stderr.write']],
    ['a function of the console', () => vi.spyOn(console, 'error'), ['console.error']],
    ['a global', () => vi.stubGlobal('fetch', listener), ['fetch']],
    ['a date', () => vi.setSystemTime(0), ['Date']],
    ['timers', () => vi.useFakeTimers({ toFake: ['setTimeout'] }), ['setTimeout']],
  ])('names %s', (_, change, names) => {
    expect(changedBy(change)).toEqual(names)
  })
})

const replacesModules = (path: string) =>
  /vi\.(?:mock|doMock|resetModules)\(/.test(readFileSync(join(root, path), 'utf8'))

it('test files that replace modules have a process of their own', () => {
  const config = readFileSync(join(root, 'vitest.config.ts'), 'utf8')
  const replacing = globSync('{packages/{core,mikro-orm,remix,worker},generators}/src/**/*.test.{ts,tsx}', {
    cwd: root,
  })
    .filter((path) => !path.includes('.pg.test.'))
    .filter(replacesModules)
  expect(replacing).not.toEqual([])
  expect(replacing.filter((path) => !config.includes(`'${path}'`))).toEqual([])
})

it('tests on a database that share a process replace no modules', () => {
  const shared = globSync('packages/{mikro-orm,remix}/src/**/*.pg.test.{ts,tsx}', { cwd: root })
  expect(shared).not.toEqual([])
  expect(shared.filter(replacesModules)).toEqual([])
})

import { describe, expect, it, vi } from 'vitest'
import { defaultFlags, defaultNames, features, isOptionalFeature } from '@sigra/generators'
import { runProgram } from '@sigra/generators/command-line'
import { createCommandLine, type Arguments } from './arguments.ts'
import { repeatCommand } from './command-line.ts'
import { optionTable } from './options.ts'
import { assumeAnswers } from './questions.ts'
import { findSwallowedFlags } from './swallowed-flags.ts'

// A second feature, which leaves a choice and is not there by default.
vi.mock('../../../generators/src/features/list.ts', async () => {
  const { passkeys } = await import('../../../generators/src/features/passkeys.ts')
  const { toys } = await import('../../../generators/src/testing-only/toys.ts')
  return { optionalFeatures: [passkeys, toys] }
})

const [keys, toys] = features.filter(isOptionalFeature)
if (keys === undefined || toys === undefined) throw new Error('There are two features.')

async function read(...words: string[]): Promise<Arguments> {
  const found: Arguments[] = []
  const program = createCommandLine(async (given) => {
    found.push(given)
    return 0
  })
  await runProgram(program, ['app', '--yes', ...words])
  const [given] = found
  if (given === undefined) throw new Error('Nothing ran.')
  return given
}

describe('flags of features', () => {
  it('are in the table, with what they take', () => {
    const rows = optionTable.map(({ flag, fallback }) => `${flag} ${fallback}`)
    expect(rows).toContain('--[no-]passkeys on')
    expect(rows).toContain('--[no-]toys ball,kite off')
  })

  it.each([
    [[], ['accounts', keys], {}],
    [['--toys', 'kite,ball'], ['accounts', keys, toys], { toys: ['kite', 'ball'] }],
    [['--no-passkeys', '--toys=kite'], ['accounts', toys], { toys: ['kite'] }],
    [['--no-toys'], ['accounts', keys], {}],
  ])('%j choose %j', async (words, chosen, values) => {
    expect(assumeAnswers(await read(...words))).toMatchObject({ features: chosen, values })
  })

  it('take nothing that there is not', async () => {
    await expect(read('--toys', 'rocket')).rejects.toThrow(/ball, kite/u)
  })

  it('are in the command that does the same again', () => {
    const choices = {
      directory: 'app',
      names: defaultNames,
      flags: defaultFlags,
      install: true,
      git: true,
      cwd: undefined,
    }
    const command = repeatCommand({
      ...choices,
      features: ['accounts', toys],
      values: { toys: ['ball', 'kite'] },
    })
    expect(command).toContain('--no-passkeys --toys ball,kite --id')
  })

  it('are found where npm kept them for itself', () => {
    const env = { npm_command: 'init' }
    expect(findSwallowedFlags({ ...env, npm_config_toys: 'true' }, ['app', 'ball,kite'])).toEqual([
      '--toys ball,kite',
    ])
    expect(findSwallowedFlags({ ...env, npm_config_toys: 'kite' }, ['app'])).toEqual(['--toys kite'])
    expect(findSwallowedFlags({ ...env, npm_config_toys: '' }, ['app'])).toEqual(['--no-toys'])
  })
})

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { defaultFeatures, defaultFlags, defaultNames } from '@sigra/generators'
import { nextSteps } from './next-steps.ts'

const root = join(process.cwd(), 'my-app')
const situation = {
  choices: {
    directory: 'my-app',
    names: defaultNames,
    flags: defaultFlags,
    features: defaultFeatures,
    values: {},
    install: true,
    git: true,
    cwd: undefined,
  },
  target: { root, app: 'existing' as const, appName: 'My App' },
  finish: { isInstalled: true, repository: 'not-asked' as const, problem: null },
  hasEnvironment: true,
  hasManualEdits: false,
  waiting: [],
  needsMigration: false,
}

describe('nextSteps', () => {
  it('goes straight to the app where nothing is left to do', () => {
    expect(nextSteps(situation)).toEqual(['cd my-app', 'npm run dev'])
  })

  it('settles conflicts once the command for it is installed, and before anything runs', () => {
    const finish = { ...situation.finish, isInstalled: false }
    expect(nextSteps({ ...situation, finish, waiting: ['app/a.ts', 'app/b.ts'] })).toEqual([
      'cd my-app',
      'npm install',
      'settle what is between the markers in app/a.ts, app/b.ts',
      'npx sigra apply --continue',
      'npm run dev',
    ])
  })

  it.each([
    ['pnpm', 'pnpm exec sigra apply --continue', 'pnpm dev'],
    ['yarn', 'yarn sigra apply --continue', 'yarn dev'],
    ['bun', 'bunx sigra apply --continue', 'bun run dev'],
  ] as const)('speaks the language of %s', (pm, settle, run) => {
    const choices = { ...situation.choices, flags: { ...defaultFlags, pm } }
    expect(nextSteps({ ...situation, choices, waiting: ['app/a.ts'] })).toEqual([
      'cd my-app',
      'settle what is between the markers in app/a.ts',
      settle,
      run,
    ])
  })
})

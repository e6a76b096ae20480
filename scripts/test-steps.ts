// The steps of `npm test`, in the order in which they start and are summed up. To add one, add a row. What a machine cannot do, a step prints as
// `skipped: <reason>`; the summary repeats it.

export interface Step {
  /** What `--only` takes. */
  name: string
  /** In words, for `--list`. */
  what: string
  /** Program and arguments, from the root of the repository. */
  run: readonly [program: string, ...args: string[]]
  /** It reads sources alone, and so need not wait until the packages are built. */
  early?: boolean
  /** It needs every package built and packed (`SIGRA_PACKED` names the folder); done once for all. */
  packed?: boolean
  /** It needs a Chromium. */
  browser?: boolean
  /** How many of the machine's cores it keeps busy; steps run side by side up to that number. @default 1 */
  cores?: number
  /**
   * It makes apps outside this repository, and waits for much of its time: for installs, for programs to start. Such steps
   * run one after the other, beside those that keep the cores busy.
   */
  outside?: boolean
  /** Only with `--all`. */
  longer?: boolean
}

const node = (...args: string[]): Step['run'] => [process.execPath, ...args]
const tool = (path: string, ...args: string[]) => node(`node_modules/${path}`, ...args)
const vitest = (project: string) => tool('vitest/vitest.mjs', 'run', '--project', project)

export const steps: readonly Step[] = [
  {
    name: 'registry',
    what: 'publish to a local registry, then do what the README and the getting-started guide tell',
    run: node('scripts/registry.ts'),
    packed: true,
    outside: true,
  },
  {
    name: 'lint',
    what: 'oxlint',
    run: tool('oxlint/bin/oxlint', '--deny-warnings'),
    early: true,
  },
  {
    name: 'imports',
    what: 'every rule about imports: who may know whom, undeclared ones, circles, re-exports, raw redirects',
    run: node('scripts/check-imports.ts'),
    early: true,
  },
  {
    name: 'attacks',
    what: 'every attack of the list has its test',
    run: node('scripts/attacks.ts', '--check'),
    early: true,
  },
  {
    name: 'controls',
    what: 'every control of the design has a switch-off that still fits the sources',
    run: node('scripts/mutants.ts', '--check'),
    early: true,
  },
  {
    name: 'inventory',
    what: 'the ASVS table names tests that exist, and the inventory every use of cryptography',
    run: node('scripts/inventory.ts'),
    early: true,
  },
  {
    name: 'format',
    what: 'prettier --check',
    run: tool('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'),
    early: true,
  },
  { name: 'types', what: 'tsc over all packages', run: tool('typescript/bin/tsc', '-p', 'tsconfig.json') },
  {
    name: 'managers',
    what: 'an app each by npm, pnpm, yarn and bun: install, types, tests, build, migrations, start',
    run: node('scripts/managers.ts'),
    packed: true,
    outside: true,
  },
  {
    name: 'packaging',
    what: 'publint, are-the-types-wrong, knip',
    run: node('scripts/check-packages.ts'),
    packed: true,
  },
  {
    name: 'tables',
    what: 'the tables of the guides are those of the code',
    run: node('scripts/docs-tables.ts', '--check'),
  },
  {
    name: 'footprint',
    what: 'how much an app loads and type-checks for having us, in counts',
    run: node('scripts/footprint.ts'),
    packed: true,
  },
  { name: 'unit', what: 'tests that need nothing but Node', run: vitest('unit*'), cores: 2 },
  { name: 'integration', what: 'tests on a real PostgreSQL', run: vitest('postgres*'), cores: 2 },
  {
    name: 'hosts',
    what: 'apps on Remix 2.17 and React Router 7.18 with our packages: install, types, build, requests',
    run: node('scripts/hosts.ts'),
    packed: true,
    outside: true,
  },
  {
    name: 'try',
    what: 'npm run try: one that is started and ended, one interrupted next to it, one as an ordinary user',
    run: node('scripts/check-try.ts'),
    outside: true,
  },
  {
    name: 'matrix',
    what: 'apps generated with pairwise options: install, types, lint, format, build, their own tests and story, migrations',
    run: node('scripts/matrix.ts'),
    packed: true,
    browser: true,
    outside: true,
  },
  {
    name: 'e2e',
    what: 'the playground in production, driven by Chromium and by attackers',
    run: tool('@playwright/test/cli.js', 'test', '--config', 'e2e/playwright.config.ts'),
    packed: true,
    browser: true,
    cores: 2,
  },
  {
    name: 'mutants',
    what: 'every control switched off in turn: a test must notice',
    run: node('scripts/mutants.ts'),
    cores: 2,
    longer: true,
  },
]

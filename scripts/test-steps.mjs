// The steps of `npm test`, in the order of the summary. To add one, add a row:
//   name      what --only takes
//   what      in words, for --list
//   run       program and arguments, from the root of the repository
//   packed    needs every package built and packed (SIGRA_PACKED names the folder); done once for all
//   browser   needs a Chromium
//   cores     how many of the machine's cores it keeps busy (default 1); steps run side by side up to that number
//   minutes   stopped after that long (default 10)
// What a machine cannot do, a step prints as `skipped: <reason>`; the summary repeats it.

const node = (...args) => [process.execPath, ...args]
const tool = (path, ...args) => node(`node_modules/${path}`, ...args)
const vitest = (project) => tool('vitest/vitest.mjs', 'run', '--project', project)

export const steps = [
  {
    name: 'lint',
    what: 'oxlint, with the rules who may know whom',
    run: tool('oxlint/bin/oxlint', '--deny-warnings'),
  },
  {
    name: 'imports',
    what: 'undeclared imports, re-exports, raw redirects',
    run: node('scripts/check-imports.mjs'),
  },
  {
    name: 'attacks',
    what: 'every attack of the list has its test',
    run: node('scripts/attacks.mjs', '--check'),
  },
  {
    name: 'controls',
    what: 'every control of the design has a switch-off that still fits the sources',
    run: node('scripts/mutants.mjs', '--check'),
  },
  {
    name: 'inventory',
    what: 'the ASVS table names tests that exist, and the inventory every use of cryptography',
    run: node('scripts/inventory.mjs'),
  },
  {
    name: 'format',
    what: 'prettier --check',
    run: tool('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'),
  },
  { name: 'types', what: 'tsc over all packages', run: tool('typescript/bin/tsc', '-p', 'tsconfig.json') },
  {
    name: 'registry',
    what: 'publish to a local registry, then do what the README and the getting-started guide tell',
    run: node('scripts/registry.mjs'),
    packed: true,
  },
  {
    name: 'managers',
    what: 'an app each by npm, pnpm, yarn and bun: install, types, tests, build, migrations, start',
    run: node('scripts/managers.mjs'),
    packed: true,
    cores: 2,
    minutes: 25,
  },
  {
    name: 'packaging',
    what: 'publint, are-the-types-wrong, knip',
    run: node('scripts/check-packages.mjs'),
    packed: true,
  },
  {
    name: 'tables',
    what: 'the tables of the guides are those of the code',
    run: node('scripts/docs-tables.mjs', '--check'),
    packed: true,
  },
  {
    name: 'footprint',
    what: 'how much an app loads and type-checks for having us, in counts',
    run: node('scripts/footprint.mjs'),
    packed: true,
  },
  { name: 'unit', what: 'tests that need nothing but Node', run: vitest('unit'), cores: 2, minutes: 20 },
  { name: 'integration', what: 'tests on a real PostgreSQL', run: vitest('postgres'), cores: 2, minutes: 30 },
  {
    name: 'matrix',
    what: 'apps generated with pairwise options: install, types, lint, format, build, their own tests and story, migrations',
    run: node('scripts/matrix.mjs'),
    packed: true,
    browser: true,
    cores: 2,
    minutes: 30,
  },
  {
    name: 'hosts',
    what: 'apps on Remix 2.17 and React Router 7.18 with our packages: install, types, build, requests',
    run: node('scripts/hosts.mjs'),
    packed: true,
    cores: 2,
  },
  {
    name: 'try',
    what: 'npm run try: one that is started and ended, one interrupted next to it, one as an ordinary user',
    run: node('scripts/check-try.mjs'),
    cores: 2, // it builds, and nothing else may be reading what is built
    minutes: 10,
  },
  {
    name: 'e2e',
    what: 'the playground in production, driven by Chromium and by attackers',
    run: tool('@playwright/test/cli.js', 'test', '--config', 'e2e/playwright.config.ts'),
    packed: true,
    browser: true,
    cores: 2,
    minutes: 25,
  },
  {
    name: 'mutants',
    what: 'every control switched off in turn: a test must notice',
    run: node('scripts/mutants.mjs'),
    cores: 2,
    minutes: 30,
    longer: true,
  },
]

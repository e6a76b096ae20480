import { execFileSync } from 'node:child_process'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { optionalFeatures } from '@sigra/generators'
import { describe, expect, it } from 'vitest'
import {
  createFolder,
  fakeProgram,
  pretendInstall,
  quickCli,
  runCli,
  startCli,
  waitFor,
  writeTexts,
} from './testing-only/run-cli.ts'

/** Every feature's flag: as a new app has it by default, or left out. */
const featureFlags = (byDefault: boolean) =>
  optionalFeatures.map(({ name, isDefault }) => `--${byDefault && isDefault ? '' : 'no-'}${name}`).join(' ')

const quick = ['--yes', '--no-install', '--no-git']
const reactRouterApp = {
  'package.json': '{ "name": "host", "type": "module", "dependencies": { "react-router": "^8.4.0" } }\n',
  'app/root.tsx':
    "import { Outlet } from 'react-router'\n\nexport default function App() {\n  return <Outlet />\n}\n",
  'app/routes.ts': 'export default []\n',
  'tsconfig.json': '{ "compilerOptions": { "paths": { "~/*": ["./app/*"] } } }\n',
}

const reactRouter7App = (future: string) => ({
  ...reactRouterApp,
  'package.json':
    '{ "name": "host", "dependencies": { "react-router": "7.18.3" }, "devDependencies": { "vite": "^8.3.0" } }',
  'react-router.config.ts': `export default { future: { ${future} } } satisfies Config\n`,
})

const { 'app/root.tsx': _root, ...withoutRoot } = reactRouterApp

const readJson = async (path: string) => JSON.parse(await readFile(path, 'utf8'))

describe('a new app', () => {
  it('is made in a new directory, with secrets only its owner can read', async () => {
    const folder = await createFolder()
    const { code, stdout, stderr } = await runCli(['my-app', ...quick], { cwd: folder })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(
      `npm create sigra-remix@latest my-app Accounts User users -- --yes ${featureFlags(true)} --id uuid`,
    )
    expect(stdout).toMatch(/cd my-app\n\s+npm install\n\s+npm run dev/u)

    const root = join(folder, 'my-app')
    expect(await readdir(root)).toEqual(
      expect.arrayContaining(['.gitignore', 'app', 'server.ts', 'sigra.json', 'sigra.lock.json']),
    )
    expect((await stat(join(root, '.env'))).mode & 0o777).toBe(0o600)
    expect(await readFile(join(root, '.env'), 'utf8')).toMatch(/^SIGRA_SECRETS=k1:[\w-]{43}$/mu)
    expect(await readFile(join(root, 'app/brand.ts'), 'utf8')).toContain("'My App'")
    expect(await readJson(join(root, 'package.json'))).toMatchObject({ name: 'my-app' })
  })

  it('has secrets of its own each time', async () => {
    const folder = await createFolder()
    await runCli(['one', ...quick], { cwd: folder })
    await runCli(['two', ...quick], { cwd: folder })
    const [one, two] = [
      await readFile(join(folder, 'one/.env'), 'utf8'),
      await readFile(join(folder, 'two/.env'), 'utf8'),
    ]
    expect(one).not.toBe(two)
  })

  it('takes its flags and names from the command line, and the command it prints repeats it', async () => {
    const folder = await createFolder()
    const flags = [
      ...featureFlags(false).split(' '),
      '--id',
      'bigint',
      '--mail',
      'in-process',
      '--db',
      'url',
      '--pm',
      'pnpm',
      '--json',
    ]
    const first = await quickCli(['team', 'Members', 'Member', 'members', ...quick, ...flags], {
      cwd: folder,
    })
    const { command } = JSON.parse(first.stdout)
    expect(command).toBe(
      `pnpm create sigra-remix@latest team Members Member members --yes ${featureFlags(false)} --id bigint --mail in-process --db url --pm pnpm --no-install --no-git`,
    )
    expect(await readJson(join(folder, 'team/sigra.json'))).toMatchObject({
      features: ['accounts'],
      names: { context: 'Members', entity: 'Member', table: 'members' },
      flags: { id: 'bigint', mail: 'in-process', db: 'url', pm: 'pnpm' },
    })
    const words = command.split(' ').slice(3)
    const other = await createFolder()
    const second = await quickCli([...words, '--json'], { cwd: other })
    expect(JSON.parse(second.stdout).plan.changes).toEqual(JSON.parse(first.stdout).plan.changes)
  })

  it('may be made in a directory that only holds a repository', async () => {
    const folder = await createFolder()
    execFileSync('git', ['init', '--quiet'], { cwd: folder })
    expect(await quickCli(['.', ...quick], { cwd: folder })).toMatchObject({ code: 0 })
    expect(await readdir(folder)).toContain('server.ts')
  })

  it('gets a repository with one commit that does not hold the secrets', async () => {
    const folder = await createFolder()
    await quickCli(['my-app', '--yes', '--no-install'], { cwd: folder })
    const git = (...args: string[]) =>
      execFileSync('git', args, { cwd: join(folder, 'my-app'), encoding: 'utf8' })
    expect(git('log', '--oneline').trim().split('\n')).toHaveLength(1)
    expect(git('status', '--porcelain')).toBe('')
    expect(git('ls-files')).not.toMatch(/^\.env$/mu)
  })

  it('is installed by the package manager that was chosen', async () => {
    const folder = await createFolder()
    const env = await fakeProgram('pnpm', `echo "$@" > installed.txt; ${pretendInstall}`)
    expect(await runCli(['my-app', '--yes', '--no-git', '--pm', 'pnpm'], { cwd: folder, env })).toMatchObject(
      { code: 0 },
    )
    expect(await readFile(join(folder, 'my-app/installed.txt'), 'utf8')).toBe('install --prod=false\n')
  })

  it('is made by the package manager that started this, where none is chosen', async () => {
    const folder = await createFolder()
    const env = { npm_config_user_agent: 'bun/1.3.0 npm/? node/v24.0.0 linux x64' }
    await quickCli(['my-app', ...quick], { cwd: folder, env })
    expect(await readJson(join(folder, 'my-app/sigra.json'))).toMatchObject({ flags: { pm: 'bun' } })
  })
})

describe('a directory with what a repository begins with', () => {
  const theirs = {
    'README.md': '# Mine\n',
    'LICENSE.txt': 'Mine\n',
    '.gitignore': 'mine/\n',
    '.gitattributes': '*.bin binary\n',
    '.github/workflows/ci.yml': 'on: push\n',
  }

  it('gets an app beside it, with theirs kept and ours of that name not written and said', async () => {
    const folder = await createFolder()
    execFileSync('git', ['init', '--quiet'], { cwd: folder })
    await writeTexts(folder, theirs)
    const { code, stdout, stderr } = await quickCli(['.', ...quick], { cwd: folder })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('Kept yours, and did not write ours: .gitattributes, README.md')
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toBe(theirs['README.md'])
    expect(await readFile(join(folder, '.gitattributes'), 'utf8')).toBe(theirs['.gitattributes'])
    expect(await readFile(join(folder, 'LICENSE.txt'), 'utf8')).toBe(theirs['LICENSE.txt'])
    expect(await readFile(join(folder, '.gitignore'), 'utf8')).toMatch(/^mine\/\n[^]*^\.env$/mu)
    expect(await readdir(folder)).toContain('server.ts')
  })
})

describe('--dry-run', () => {
  it('says what it would do with .env, and the command without --dry-run', async () => {
    const folder = await createFolder()
    const { stdout } = await quickCli(['my-app', ...quick, '--dry-run'], { cwd: folder })
    expect(stdout).toMatch(/^ {2}create {8}\.env \(with fresh secrets/mu)
    expect(stdout).toMatch(/To do it: npm create sigra-remix@latest my-app (?!.*--dry-run).*--yes/u)
    const json = await quickCli(['my-app', ...quick, '--dry-run', '--json'], { cwd: folder })
    expect(JSON.parse(json.stdout)).toMatchObject({ dryRun: true, env: 'created' })
  })

  it('ends quietly where nobody reads on', async () => {
    const child = startCli(['my-app', ...quick, '--dry-run'], { cwd: await createFolder() })
    const ended = waitFor(child)
    child.stdout?.destroy()
    expect(await ended).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('writes nothing, and plans what a real run does', async () => {
    const folder = await createFolder()
    const dry = await quickCli(['my-app', ...quick, '--dry-run', '--json'], { cwd: folder })
    expect(await readdir(folder)).toEqual([])
    const real = await quickCli(['my-app', ...quick, '--json'], { cwd: folder })
    expect(JSON.parse(dry.stdout).plan).toEqual(JSON.parse(real.stdout).plan)
  })

  it('lists every file for people', async () => {
    const { stdout } = await quickCli(['my-app', ...quick, '--dry-run'], { cwd: await createFolder() })
    expect(stdout).toContain('create        app/accounts/accounts.server.ts')
    expect(stdout).toContain('Nothing was written.')
  })
})

describe('an existing React Router app', () => {
  it('gets accounts with its own files edited, and its .env left alone', async () => {
    const folder = await createFolder()
    await writeTexts(folder, { ...reactRouterApp, '.env': 'MINE=1\n' })
    const { code, stdout } = await quickCli(['.', ...quick], { cwd: folder })
    expect(code).toBe(0)
    expect(await readFile(join(folder, 'app/routes.ts'), 'utf8')).toContain('...sigraRoutes()')
    expect(await readFile(join(folder, 'app/root.tsx'), 'utf8')).toContain('sigraMiddleware(sigra)')
    expect(await readFile(join(folder, '.env'), 'utf8')).toBe('MINE=1\n')
    expect(stdout).toContain('add a key to .env')
    expect(await readdir(folder)).not.toContain('.git')
  })

  it.each(['package.json', 'tsconfig.json', 'app/routes.ts', 'app/root.tsx'])(
    'keeps the byte-order mark and the line ends of %s',
    async (path) => {
      const folder = await createFolder()
      const texts = new Map<string, string>(Object.entries(reactRouterApp))
      const windows = `\uFEFF${texts.get(path)?.replaceAll('\n', '\r\n')}`
      await writeTexts(folder, { ...reactRouterApp, [path]: windows })
      expect(await quickCli(['.', ...quick], { cwd: folder })).toMatchObject({ code: 0, stderr: '' })
      const text = await readFile(join(folder, path), 'utf8')
      expect(text.startsWith('\uFEFF')).toBe(true)
      expect(text.lastIndexOf('\uFEFF')).toBe(0)
      expect(text).not.toBe(windows)
      expect(text.replaceAll('\r\n', '')).not.toContain('\n')
    },
  )

  it('may run on React Router 7, with the adapter of its own version', async () => {
    const folder = await createFolder()
    await writeTexts(folder, reactRouter7App('v8_middleware: true'))
    expect(await quickCli(['.', ...quick], { cwd: folder })).toMatchObject({ code: 0 })
    const { dependencies } = await readJson(join(folder, 'package.json'))
    expect(dependencies).toMatchObject({ 'react-router': '7.18.3', '@react-router/express': '7.18.3' })
  })

  it.each([
    ['is no React Router app', { 'package.json': '{}' }, /not a React Router app/u],
    ['has no package.json', { 'notes.txt': '' }, /no package\.json/u],
    ['has a broken package.json', { ...reactRouterApp, 'package.json': '{' }, /not valid JSON/u],
    ['is written in JavaScript', withoutRoot, /needs an app written in it/u],
    [
      'is too old',
      { ...reactRouterApp, 'package.json': '{ "dependencies": { "react-router": "^7.9.0" } }' },
      /React Router \^7\.9\.0/u,
    ],
    [
      'is too new',
      { ...reactRouterApp, 'package.json': '{ "dependencies": { "react-router": "9.0.0" } }' },
      /React Router 9\.0\.0, and Sigra needs 7\.18\.3 or newer within version 7, or 8\.3\.0 or newer/u,
    ],
    ['runs no middleware', reactRouter7App(''), /v8_middleware: true/u],
    ['has middleware switched off', reactRouter7App('v8_middleware: false'), /v8_middleware: true/u],
    [
      'builds with an old Vite',
      {
        ...reactRouterApp,
        'package.json':
          '{ "dependencies": { "react-router": "8.4.0" }, "devDependencies": { "vite": "^7.1.7" } }',
      },
      /Vite \^7\.1\.7.*8\.0\.0 or newer/u,
    ],
    [
      'renders on no server',
      { ...reactRouterApp, 'react-router.config.ts': 'export default { ssr: false } satisfies Config\n' },
      /ssr: false/u,
    ],
    ['has Sigra already', { ...reactRouterApp, 'sigra.lock.json': '{}' }, /sigra apply/u],
  ])('that %s is refused before anything is written', async (_what, files, message) => {
    const folder = await createFolder()
    await writeTexts(folder, files)
    const { code, stderr, stdout } = await quickCli(['.', ...quick], { cwd: folder })
    expect(code).toBe(4)
    expect(stderr).toMatch(message)
    expect(stdout).not.toContain('Done.')
    expect((await readdir(folder)).sort()).toEqual(
      [...new Set(Object.keys(files).map((path) => path.split('/')[0]))].sort(),
    )
  })

  it('with changes that are not committed is refused', async () => {
    const folder = await createFolder()
    await writeTexts(folder, reactRouterApp)
    const git = (...args: string[]) => execFileSync('git', args, { cwd: folder })
    git('init', '--quiet')
    git('add', '.')
    git('-c', 'user.name=T', '-c', 'user.email=t@example.com', 'commit', '--quiet', '-m', 'Start')
    await writeTexts(folder, { 'app/routes.ts': 'export default [] // mine\n' })
    const { code, stderr } = await quickCli(['.', ...quick], { cwd: folder })
    expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringContaining('not committed') })
  })

  it('with a file where a generated one belongs ends with 3, untouched', async () => {
    const folder = await createFolder()
    await writeTexts(folder, { ...reactRouterApp, 'app/sigra.server.ts': '// mine\n' })
    const { code, stderr, stdout } = await quickCli(['.', ...quick], { cwd: folder })
    expect(code).toBe(3)
    expect(stderr).toContain('app/sigra.server.ts')
    expect(stdout).not.toContain('Done.')
    expect(await readFile(join(folder, 'app/routes.ts'), 'utf8')).toBe(reactRouterApp['app/routes.ts'])
    const dry = await quickCli(['.', ...quick, '--dry-run', '--json'], { cwd: folder })
    expect(dry.code).toBe(3)
    expect(JSON.parse(dry.stdout)).toMatchObject({
      ok: false,
      plan: { conflicts: [{ path: 'app/sigra.server.ts' }] },
    })
  })
})

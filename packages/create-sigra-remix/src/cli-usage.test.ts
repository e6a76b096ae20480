import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFolder, runCli, writeTexts } from './testing-only/run-cli.ts'

const quick = ['--yes', '--no-install', '--no-git']

describe('the command line', () => {
  it.each([
    [['--yess'], 'Did you mean --yes?'],
    [['--dryrun'], 'Did you mean --dry-run?'],
    [['--frobnicate'], '--help lists all.'],
    [['--admin'], 'not built yet'],
    [['--passkeys=no'], "Unknown option '--passkeys=no'"],
    [['--no-passkey'], 'Did you mean --no-passkeys?'],
    [['--id'], "Option '--id <kind>' argument missing."],
    [['--mail', '--yes'], "argument '--yes' is invalid"],
    [['--id', 'bigintt'], 'Allowed choices are uuid, bigint.'],
    [['--pm', 'cargo'], 'Allowed choices are npm, pnpm, yarn, bun.'],
    [['--no-id'], "Unknown option '--no-id'"],
    [['app', '--cwd='], 'It needs a value.'],
    [['--yes=1'], "Unknown option '--yes=1'"],
    [['app', 'Members'], 'Names come in threes'],
    [['Members', 'Member', 'members'], 'The directory comes before the names'],
    [['app', 'members', 'Member', 'members', '--yes'], 'cannot name a context'],
    [['app', 'Accounts', 'AuditEvent', 'users', '--yes'], 'is taken'],
    [['app', 'Accounts', 'User', 'Users', '--yes'], 'cannot name a table'],
  ])('%j is wrong usage, in one sentence', async (args, message) => {
    const folder = await createFolder()
    const { code, stdout, stderr } = await runCli(args, { cwd: folder })
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(await readdir(folder)).toEqual([])
  })

  it('says what is missing where nobody can be asked and no directory is named', async () => {
    const folder = await createFolder()
    for (const args of [[], ['--json'], ['--dry-run'], ['--no-install']]) {
      const { code, stdout, stderr } = await runCli(args, { cwd: folder })
      expect(code).toBe(2)
      expect(stdout + stderr).toContain(
        'There is no terminal to ask in: name the directory, as in npm create sigra-remix@latest my-app, or add --yes',
      )
    }
    expect(await readdir(folder)).toEqual([])
  })

  it('takes no text for no directory', async () => {
    const folder = await createFolder()
    const { code, stderr } = await runCli(['', ...quick], { cwd: folder })
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringContaining('The directory has no name'),
    })
    expect(await readdir(folder)).toEqual([])
  })

  it.each([
    [['my-app', '--', ...quick]],
    [['--', ...quick]],
    [['my-app', 'Members', 'Member', 'members', '--', ...quick]],
  ])('takes `--` as the managers that hand it on mean it: %j', async (args) => {
    const folder = await createFolder()
    expect(await runCli(args, { cwd: folder })).toMatchObject({ code: 0, stderr: '' })
    expect(await readdir(folder)).toEqual(['my-app'])
  })

  it.each([
    [{ npm_config_id: 'true' }, ['my-app', 'bigint'], '-- --id bigint'],
    [{ npm_config_mail: 'in-process' }, ['my-app'], '-- --mail in-process'],
    [{ npm_config_dry_run: 'true', npm_config_json: 'true' }, ['my-app'], '-- --dry-run --json'],
    [{ npm_config_install: '' }, ['my-app'], '-- --no-install'],
    [{ npm_config_git: 'false' }, ['my-app'], '-- --no-git'],
    [{ npm_config_passkeys: '' }, ['my-app'], '-- --no-passkeys'],
    [{ npm_config_parseable: 'true', npm_config_message: 'pnpm' }, ['my-app'], '-- --pm pnpm'],
  ])('stops when npm swallowed flags: %j', async (env, args, command) => {
    const folder = await createFolder()
    const { code, stderr } = await runCli(args, { cwd: folder, env: { npm_command: 'exec', ...env } })
    expect(code).toBe(2)
    expect(stderr).toContain(`Run: npm create sigra-remix@latest my-app ${command}`)
    expect(await readdir(folder)).toEqual([])
  })

  it('does not mistake settings of npm for its flags', async () => {
    const env = { npm_command: 'exec', npm_config_yes: 'true', npm_config_audit: '', npm_config_fund: '' }
    expect(await runCli(['my-app', ...quick], { cwd: await createFolder(), env })).toMatchObject({ code: 0 })
  })

  it('says which Node it needs, on any Node', async () => {
    const before = "Object.defineProperty(process.versions, 'node', { value: '20.11.1' })"
    const { code, stderr } = await runCli(['my-app'], { cwd: await createFolder(), before })
    expect({ code, stderr }).toEqual({
      code: 4,
      stderr: expect.stringContaining('needs Node 22.22.0 or newer, and this is 20.11.1'),
    })
  })

  it.each([
    ['a directory that is not empty', 'full', /not empty/u],
    ['a file', 'full/file.txt', /is a file/u],
    ['a path through a file', 'full/file.txt/app', /is a file/u],
    ['a folder in which Vite finds nothing', 'C#/app', /Vite finds no files .* “C#” is one/u],
  ])('refuses %s', async (_what, directory, message) => {
    const folder = await createFolder()
    await writeTexts(folder, { 'full/file.txt': 'mine\n' })
    const { code, stderr } = await runCli([directory, ...quick], { cwd: folder })
    expect({ code, stderr }).toEqual({ code: 4, stderr: expect.stringMatching(message) })
    expect(await readFile(join(folder, 'full/file.txt'), 'utf8')).toBe('mine\n')
  })

  it('works as if started in --cwd, which has to exist', async () => {
    const folder = await createFolder()
    expect(await runCli(['my-app', ...quick, '--cwd', folder])).toMatchObject({ code: 0 })
    expect(await readdir(folder)).toEqual(['my-app'])
    expect(await runCli(['my-app', ...quick, '--cwd', join(folder, 'nowhere')])).toMatchObject({ code: 4 })
  })

  it('prints help and version', async () => {
    const [help, version] = [await runCli(['--help']), await runCli(['--version'])]
    expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining('--mail queue|in-process') })
    expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/u) })
  })

  it('with --json says why it failed in a document', async () => {
    const { code, stdout, stderr } = await runCli(['app', '--id', 'x', '--json'])
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, code: 'SIGRA_USAGE_INVALID', exitCode: 2 })
  })

  it('uses no colour where nobody looks or NO_COLOR asks for none', async () => {
    for (const env of [{}, { NO_COLOR: '1' }]) {
      const { stdout, stderr } = await runCli(['my-app', ...quick], { cwd: await createFolder(), env })
      expect(stdout + stderr).not.toContain('\u001B')
    }
  })
})

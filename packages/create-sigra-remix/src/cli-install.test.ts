import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  createFolder,
  fakeProgram,
  pretendInstall,
  runCli,
  startCli,
  waitFor,
} from './testing-only/run-cli.ts'

const quick = ['--yes', '--no-install', '--no-git']

describe('an install', () => {
  const deciding = {
    NODE_ENV: 'production',
    npm_config_omit: 'dev',
    npm_config_production: 'true',
    NPM_CONFIG_ONLY: 'production',
    NODE_OPTIONS: '--no-warnings --conditions=production',
    GIT_DIR: '/nowhere',
  }

  it('is not decided by what is around it, and hears of the registry all the same', async () => {
    const folder = await createFolder()
    const env = await fakeProgram('npm', `env > env.txt; echo "$@" > arguments.txt; ${pretendInstall}`)
    const ended = await runCli(['my-app', '--yes'], {
      cwd: folder,
      env: { ...env, ...deciding, npm_config_cache: '/tmp/cache' },
    })
    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('Done.') })
    const seen = await readFile(join(folder, 'my-app/env.txt'), 'utf8')
    for (const name of ['NODE_ENV', 'npm_config_omit', 'npm_config_production', 'NPM_CONFIG_ONLY'])
      expect(seen).not.toMatch(new RegExp(`^${name}=`, 'mu'))
    expect(seen).toMatch(/^NODE_OPTIONS=--no-warnings$/mu)
    expect(seen).toContain('npm_config_cache=/tmp/cache')
    expect(await readFile(join(folder, 'my-app/arguments.txt'), 'utf8')).toBe('install --include=dev\n')
    expect(await readdir(join(folder, 'my-app'))).toContain('.git')
  })

  it('that reports success without having installed is no success', async () => {
    const folder = await createFolder()
    const env = await fakeProgram('npm', 'echo "added 0 packages"')
    const { code, stdout } = await runCli(['my-app', '--yes', '--no-git'], { cwd: folder, env })
    expect(code).toBe(1)
    expect(stdout).toMatch(/Not finished: `npm install` reported success, but \d+ packages are not there/u)
    expect(stdout).not.toContain('Done.')
  })

  it('that is left to people is said with what this shell would leave out', async () => {
    const { stdout } = await runCli(['my-app', ...quick], {
      cwd: await createFolder(),
      env: { NODE_ENV: 'production' },
    })
    expect(stdout).toMatch(/^ {2}npm install --include=dev$/mu)
  })
})

describe('a run that cannot finish', () => {
  it('does not say it is done when the install fails', async () => {
    const folder = await createFolder()
    const env = await fakeProgram('npm', 'echo "no such registry" >&2; exit 7')
    const { code, stdout } = await runCli(['my-app', '--yes', '--no-git'], { cwd: folder, env })
    expect(code).toBe(1)
    expect(stdout).toContain('no such registry')
    expect(stdout).toContain('Not finished: `npm install` failed')
    expect(stdout).not.toContain('Done.')
    expect(await readdir(join(folder, 'my-app'))).toContain('server.ts')
  })

  it('names a package manager that is not there', async () => {
    const env = { PATH: '/usr/bin:/bin' }
    const { code, stdout } = await runCli(['my-app', '--yes', '--no-git', '--pm', 'bun'], {
      cwd: await createFolder(),
      env,
    })
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining('bun was not found') })
  })

  it('ends with 130 when it is interrupted, and takes the install with it', async () => {
    const folder = await createFolder()
    const env = await fakeProgram('npm', 'echo $$ > pid; exec sleep 60')
    const child = startCli(['my-app', '--yes', '--no-git'], { cwd: folder, env })
    const ended = waitFor(child)
    const pid = () => readFile(join(folder, 'my-app/pid'), 'utf8').catch(() => '')
    await expect.poll(pid).toMatch(/^\d+\n$/)
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 130 })
    await expect.poll(async () => isAlive(Number(await pid()))).toBe(false)
  })

  it('killed in the middle of writing is finished by running it again', async () => {
    const folder = await createFolder()
    const kill = `
      import fs from 'node:fs'
      import { syncBuiltinESMExports } from 'node:module'
      const rename = fs.promises.rename
      let moves = 0
      fs.promises.rename = async (from, to) => {
        moves += 1
        if (moves === 20) process.kill(process.pid, 'SIGKILL')
        return rename(from, to)
      }
      syncBuiltinESMExports()`
    const killed = await runCli(['my-app', ...quick], { cwd: folder, before: kill })
    expect(killed.code).toBeNull()
    const again = await runCli(['my-app', ...quick], { cwd: folder })
    expect(again).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Finished what an interrupted run had begun'),
    })
    const fresh = await createFolder()
    await runCli(['my-app', ...quick], { cwd: fresh })
    expect((await readdir(join(folder, 'my-app'), { recursive: true })).sort()).toEqual(
      (await readdir(join(fresh, 'my-app'), { recursive: true })).sort(),
    )
  })
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { type AppBuild, buildOfVite } from './app-build.ts'

const module = JSON.stringify(new URL('app-build.ts', import.meta.url).href)
const settings = {
  NODE_ENV: 'production',
  APP_ORIGIN: 'https://app.test',
  DATABASE_URL: 'postgres://app:secret-of-the-app@db.test/app?sslmode=verify-full',
}

it('loads nothing of the app where a setting is missing, and says which', () => {
  const { status, stdout, stderr } = load(`console.log('loaded')`, { ...settings, SIGRA_SECRETS: '' })
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' })
  expect(stderr).toContain('SIGRA_SECRETS')
  expect(stderr).not.toContain('    at ')
})

it('takes the build of development only with sigra in its entry', async () => {
  const build: AppBuild = { entry: { module: { sigra: { start: () => Promise.resolve() } } } }
  const ask = (loaded: object) => buildOfVite({ ssrLoadModule: () => Promise.resolve({ ...loaded }) })()
  expect(await ask(build)).toEqual(build)
  await expect(ask({ entry: { module: {} } })).rejects.toThrow('does not export sigra')
})

function load(code: string, env: Record<string, string>) {
  const url = JSON.stringify(`data:text/javascript,${encodeURIComponent(code)}`)
  const program = `import { loadBuild } from ${module}; await loadBuild(new URL(${url}))`
  const args = ['--conditions=sigra-source', '--input-type=module', '--eval', program]
  return spawnSync(process.execPath, args, { env: { ...process.env, ...env }, encoding: 'utf8' })
}

import { describe, expect, it } from 'vitest'
import { gitEnvironment, installEnvironment } from './child-environment.ts'

describe('installEnvironment', () => {
  it.each([
    'NODE_ENV',
    'npm_config_omit',
    'NPM_CONFIG_PRODUCTION',
    'npm_config_only',
    'npm_config_include',
    'npm_config_dry_run',
    'npm_config_global',
    'npm_config_prefix',
    'npm_config_ignore_scripts',
    'npm_config_package_lock_only',
    'npm_config_workspace',
    'YARN_PRODUCTION',
    'YARN_ENABLE_IMMUTABLE_INSTALLS',
    'npm_package_name',
    'npm_lifecycle_event',
    'INIT_CWD',
    'GIT_DIR',
  ])('leaves %s behind', (name) => {
    expect(installEnvironment({ [name]: 'x', HOME: '/home/me' })).toEqual({ HOME: '/home/me' })
  })

  it.each([
    'PATH',
    'npm_config_registry',
    'NPM_CONFIG_USERCONFIG',
    'npm_config_cafile',
    'npm_config_https_proxy',
    'npm_config_cache',
    'HTTPS_PROXY',
    'NODE_EXTRA_CA_CERTS',
    'YARN_NPM_REGISTRY_SERVER',
    'CI',
  ])('hands %s on', (name) => {
    expect(installEnvironment({ [name]: 'x' })).toEqual({ [name]: 'x' })
  })

  it.each([
    ['--max-old-space-size=4096', '--max-old-space-size=4096'],
    ['--require ./.pnp.cjs --use-system-ca', '--use-system-ca'],
    ['--inspect-brk=9229', undefined],
    ['--conditions=production -r "./my hook.js" --no-warnings', '--no-warnings'],
  ])('keeps of NODE_OPTIONS what is about the machine: %s', (given, kept) => {
    expect(installEnvironment({ NODE_OPTIONS: given })['NODE_OPTIONS']).toBe(kept)
  })
})

describe('gitEnvironment', () => {
  it('has no place of another repository, as in a hook, and still who commits', () => {
    const env = {
      GIT_DIR: '/x/.git',
      GIT_INDEX_FILE: '/x',
      GIT_WORK_TREE: '/x',
      GIT_AUTHOR_NAME: 'Me',
      PATH: '/bin',
    }
    expect(gitEnvironment(env)).toEqual({ GIT_AUTHOR_NAME: 'Me', PATH: '/bin' })
  })
})

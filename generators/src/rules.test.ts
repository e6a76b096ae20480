import { describe, expect, it } from 'vitest'
import { TemplateInvalid } from './errors.ts'
import { tablesOf } from './feature-tables.ts'
import { renderTemplate } from './render.ts'
import { existingPath, rulesFile, rulesOf } from './rules.ts'
import { loadTemplate } from './template.ts'
import { smallState, smallTemplate } from './testing-only/small-app.ts'

const template = loadTemplate()
const rules = rulesOf(template)

describe('rules.json', () => {
  it('names files and scripts that the template has', () => {
    const isThere = (path: string) =>
      [...template.keys()].some((stored) => stored.replace(/(^|\/)_(?=git|npmrc)/u, '$1.').startsWith(path))
    const named = [
      ...rules.host,
      ...rules.shared,
      ...Object.keys(rules.existing.paths),
      ...Object.keys(rules.existing.scoped),
    ]
    expect(named.filter((path) => !isThere(path))).toEqual([])
    const { scripts, dependencies, devDependencies } = JSON.parse(template.get('package.json') ?? '{}')
    const changed = rules.package.flatMap((rule) => Object.keys(rule.scripts ?? {}))
    expect(changed.filter((name) => scripts[name] === undefined)).toEqual([])
    const packages = rules.package.flatMap(({ onlyPackages = [] }) => onlyPackages)
    expect(packages.filter((name) => ({ ...dependencies, ...devDependencies })[name] === undefined)).toEqual(
      [],
    )
  })

  it('changes scripts by nothing but what the condition is about', () => {
    const { scripts } = JSON.parse(template.get('package.json') ?? '{}')
    const of = (condition: string) => rules.package.find((rule) => rule.if === condition)?.scripts ?? {}
    expect(scripts.build).toBe(
      `${of('mail=in-process')['build']} && vite build --config vite.worker.config.ts`,
    )
    expect(of('pm=yarn accounts')['start']).toBe(scripts.start.replace('exec ', ''))
    expect(of('pm=yarn mail=queue accounts')['worker']).toBe(scripts.worker.replace('exec ', ''))
  })

  it('is no file of an app', () => {
    const paths = [...renderTemplate(smallTemplate, smallState()).keys()]
    expect(paths.filter((path) => path === rulesFile || path.startsWith('features/'))).toEqual([])
  })

  it('decides for its own templates: other rules, other files', () => {
    const text = smallTemplate.get(rulesFile) ?? ''
    const other = new Map([
      ...smallTemplate,
      [rulesFile, text.replace('app/accounts/routes/', 'app/accounts/pages/')] as const,
    ])
    const existing = smallState({ app: 'existing' })
    expect(renderTemplate(other, existing).has('app/accounts/pages/dashboard.tsx')).toBe(true)
    expect(renderTemplate(other, existing).get('app/sigra.routes.ts')?.text).toContain(
      "'accounts/pages/dashboard.tsx'",
    )
  })

  it('knows what its own templates have of a feature, not what those of today have', () => {
    const passkeys = {
      ...rulesOf(smallTemplate).features['passkeys'],
      identifiers: [],
      segments: [],
      tables: [],
    }
    const older = new Map([...smallTemplate, ['features/passkeys.json', JSON.stringify(passkeys)] as const])
    const names = { context: 'Members', entity: 'Member', table: 'members' }
    const renamed = renderTemplate(older, smallState({ names }))
    expect([...renamed.keys()]).toContain('app/passkeys/entities/user-passkey.ts')
    const tables = renamed.get('migrations/.snapshot.json')?.text ?? ''
    expect(tables.match(/"name": "\w+"/gu)).toEqual(
      ['public', 'members', 'user_passkeys'].map((name) => `"name": "${name}"`),
    )
    const without = renderTemplate(older, smallState({ features: ['accounts'] }))
    expect(without.get('migrations/.snapshot.json')?.text).toContain('user_passkeys')
    expect(tablesOf(['passkeys'], names, older)).toEqual([])
  })

  it('takes features of a template that has more than are known', () => {
    const { passkeys } = rulesOf(smallTemplate).features
    const more = { ...passkeys, tables: [], packages: ['react'], joints: {} }
    const later = new Map([...smallTemplate, ['features/kites.json', JSON.stringify(more)] as const])
    expect(renderTemplate(later, smallState()).get('package.json')?.text).not.toContain('"react":')
  })

  it('is not read without what accounts have', () => {
    const less = new Map([...smallTemplate].filter(([path]) => path !== 'features/accounts.json'))
    expect(() => renderTemplate(less, smallState())).toThrow(TemplateInvalid)
  })

  it('of another meaning is not read', () => {
    const later = new Map([...smallTemplate, [rulesFile, '{"format":2}'] as const])
    expect(() => renderTemplate(later, smallState())).toThrow(/cannot read/u)
  })

  it('moves what would be taken for the host’s own, and nothing else', () => {
    expect(existingPath('app/routes/dashboard.tsx', rules)).toBe('app/accounts/routes/dashboard.tsx')
    expect(existingPath('app/routes.ts', rules)).toBe('app/routes.ts')
  })
})

import { describe, expect, it } from 'vitest'
import { removeRootEntry, removeRoutesEntry } from './bare-app.ts'
import { rootEdit } from './edits/root.ts'
import { routesEdit } from './edits/routes.ts'
import { loadTemplate } from './template.ts'
import { edited } from './testing-only/try-edit.ts'

describe('the template', () => {
  it('is its bare app with the same edits a host gets', () => {
    const template = loadTemplate()
    const root = template.get('app/root.tsx') ?? ''
    const routes = template.get('app/routes.ts') ?? ''
    expect(sortImports(edited(rootEdit, removeRootEntry(root)))).toBe(sortImports(root))
    expect(sortImports(edited(routesEdit, removeRoutesEntry(routes)))).toBe(sortImports(routes))
  })
})

/** The order of imports is a matter of taste. */
function sortImports(text: string): string {
  const lines = text.split('\n')
  return [...lines.filter(isImport).sort(), ...lines.filter((line) => !isImport(line))].join('\n')
}

function isImport(line: string): boolean {
  return line.startsWith('import ')
}

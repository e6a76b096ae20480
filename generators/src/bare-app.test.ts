import { describe, expect, it } from 'vitest'
import { rootEdit } from './edits/root.ts'
import { routesEdit } from './edits/routes.ts'
import { render } from './render.ts'
import { createState } from './state.ts'
import { edited } from './testing-only/try-edit.ts'

describe('the template', () => {
  it('is its bare app with the same edits a host gets', () => {
    const [full, bare] = [
      createState({ version: '0.0.0' }),
      createState({ version: '0.0.0', features: [] }),
    ].map(render)
    const textOf = (files: typeof full, path: string) => files?.get(path) ?? ''
    for (const [path, edit] of [
      ['app/root.tsx', rootEdit],
      ['app/routes.ts', routesEdit],
    ] as const)
      expect(sortImports(edited(edit, textOf(bare, path)))).toBe(sortImports(withoutBar(textOf(full, path))))
  })
})

/** A new app loads what its bar shows in the root; an app that was there before has a frame of its own, which does. */
function withoutBar(text: string): string {
  return text
    .replace("import { loadBar } from './accounts/bar-items.server'\n", '')
    .replace('export const loader = (args: Route.LoaderArgs) => loadBar(args)\n\n', '')
}

/** The order of imports is a matter of taste. */
function sortImports(text: string): string {
  const lines = text.split('\n')
  return [...lines.filter(isImport).sort(), ...lines.filter((line) => !isImport(line))].join('\n')
}

function isImport(line: string): boolean {
  return line.startsWith('import ')
}

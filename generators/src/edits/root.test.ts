import { describe, expect, it } from 'vitest'
import { edited, reasonOf } from '../testing-only/try-edit.ts'
import { rootEdit } from './root.ts'

describe('app/root.tsx', () => {
  const app = 'export default function App() {\n  return <Outlet />;\n}\n'
  const typed = `import { Outlet } from "react-router";\nimport type { Route } from "./+types/root";\n\n${app}`

  it('adds the list after the imports', () => {
    expect(edited(rootEdit, typed)).toBe(`import { Outlet } from "react-router";
import type { Route } from "./+types/root";
import { sigraMiddleware } from "@sigra/remix/react-router";
import { sigra } from "./sigra.server";

export const middleware: Route.MiddlewareFunction[] = [sigraMiddleware(sigra)];

${app}`)
  })

  it('claims no type the host does not import', () => {
    expect(edited(rootEdit, `import { Outlet } from 'react-router'\n\n${app}`)).toContain(
      'export const middleware = [sigraMiddleware(sigra)]',
    )
  })

  it('stays above the comment of what comes next', () => {
    const text = `import { Outlet } from 'react-router'\n\n// The app.\n${app}`
    expect(edited(rootEdit, text)).toContain('= [sigraMiddleware(sigra)]\n\n// The app.\nexport default')
  })

  it.each([
    ['[]', '[sigraMiddleware(sigra)]'],
    ['[log]', '[sigraMiddleware(sigra), log]'],
    ['[log] satisfies X', '[sigraMiddleware(sigra), log] satisfies X'],
    ['[\n  log, // first\n]', '[\n  sigraMiddleware(sigra),\n  log, // first\n]'],
  ])('becomes the first of %s', (before, after) => {
    expect(edited(rootEdit, `import a from 'a'\nexport const middleware = ${before}\n${app}`)).toContain(
      `middleware = ${after}`,
    )
  })

  it.each([
    ['a list made elsewhere', "export { middleware } from './middleware'\n", /somewhere else/u],
    ['everything exported from elsewhere', "export * from './root-parts'\n", /somewhere else/u],
    ['a list that is computed', 'export const middleware = makeList()\n', /not a plain list/u],
    ['a sigra of its own', "import { sigra } from './greek'\n", /of its own/u],
  ])('leaves %s alone', (_shape, text, reason) => {
    expect(reasonOf(rootEdit, `${text}${app}`)).toMatch(reason)
  })
})

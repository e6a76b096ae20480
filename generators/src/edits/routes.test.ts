import { describe, expect, it } from 'vitest'
import { edited, reasonOf } from '../testing-only/try-edit.ts'
import { routesEdit } from './routes.ts'

describe('app/routes.ts', () => {
  const head = `import { type RouteConfig, index } from "@react-router/dev/routes";\n`
  const added = `import { sigraRoutes } from "./sigra.routes.ts";\n`

  it.each([
    [
      'one line',
      '[index("home.tsx")] satisfies RouteConfig;',
      '[index("home.tsx"), ...sigraRoutes()] satisfies RouteConfig;',
    ],
    ['no types', '[index("home.tsx")];', '[index("home.tsx"), ...sigraRoutes()];'],
    [
      'a cast',
      '[index("home.tsx")] as RouteConfig;',
      '[index("home.tsx"), ...sigraRoutes()] as RouteConfig;',
    ],
    ['nothing in it', '[] satisfies RouteConfig;', '[...sigraRoutes()] satisfies RouteConfig;'],
    ['a trailing comma', '[index("home.tsx"),];', '[index("home.tsx"), ...sigraRoutes(),];'],
    [
      'several lines',
      '[\n  index("home.tsx"),\n  // last\n];',
      '[\n  index("home.tsx"),\n  // last\n  ...sigraRoutes(),\n];',
    ],
    [
      'several lines, no last comma',
      '[\n\tindex("home.tsx") // home, [x]\n];',
      '[\n\tindex("home.tsx"), // home, [x]\n\t...sigraRoutes()\n];',
    ],
    ['a comment with a comma', '[index("a") /* , */];', '[index("a"), ...sigraRoutes() /* , */];'],
    [
      'file routes',
      'flatRoutes() satisfies RouteConfig;',
      '[...(await flatRoutes()), ...sigraRoutes()] satisfies RouteConfig;',
    ],
    [
      'awaited file routes',
      'await flatRoutes({ ignoredRouteFiles: ["a"] });',
      '[...(await flatRoutes({ ignoredRouteFiles: ["a"] })), ...sigraRoutes()];',
    ],
  ])('takes the routes in the form of %s', (_form, before, after) => {
    expect(edited(routesEdit, `${head}\nexport default ${before}\n`)).toBe(
      `${head}${added}\nexport default ${after}\n`,
    )
  })

  it('follows a variable', () => {
    const text = `${head}\nconst routes: RouteConfig = [index('home.tsx')]\nexport default routes\n`
    expect(edited(routesEdit, text)).toContain(
      "const routes: RouteConfig = [index('home.tsx'), ...sigraRoutes()]",
    )
  })

  it('writes single quotes and no semicolons where the host does', () => {
    const text = "import { index } from '@react-router/dev/routes'\n\nexport default [index('home.tsx')]\n"
    expect(edited(routesEdit, text)).toContain("import { sigraRoutes } from './sigra.routes.ts'\n")
  })

  it('keeps CRLF, a byte order mark and every comment', () => {
    const text = `\uFEFF// Copyright\r\n${head.replace('\n', '\r\n')}/* routes */\r\nexport default [\r\n  index("a"), // first\r\n];\r\n`
    const result = edited(routesEdit, text)
    expect(result).toBe(
      `\uFEFF// Copyright\r\n${head.replace('\n', '\r\n')}${added.replace('\n', '\r\n')}/* routes */\r\nexport default [\r\n  index("a"), // first\r\n  ...sigraRoutes(),\r\n];\r\n`,
    )
  })

  it.each([
    ['no default export', 'export const routes = []\n', /no default export/u],
    ['a call nobody knows', 'export default makeRoutes()\n', /not a list/u],
    ['a name of its own', 'const sigraRoutes = () => []\nexport default []\n', /of its own/u],
    [
      'an import that is not used',
      "import { sigraRoutes } from './sigra.routes'\nexport default []\n",
      /not used/u,
    ],
    ['a syntax error', 'export default [\n', /parsed/u],
    ['no file', null, /no such file/u],
  ])('leaves %s alone and prints what to paste', (_shape, text, reason) => {
    expect(reasonOf(routesEdit, text)).toMatch(reason)
    expect(routesEdit.ensure(text)).toMatchObject({ snippet: /\.\.\.sigraRoutes\(\)/u })
  })
})

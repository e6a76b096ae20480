import { describe, expect, it } from 'vitest'
import { parseModule } from '../syntax.ts'
import { removeRootEntry, removeRoutesEntry } from '../bare-app.ts'
import { loadTemplate } from '../template.ts'
import type { HostEdit } from './edit.ts'
import { exportEdit, nonceEdit } from './entry-server.ts'
import { mikroOrmEdit } from './mikro-orm-config.ts'
import { retiredTablesEdits } from './retired-tables.ts'
import { rootEdit } from './root.ts'
import { routesEdit } from './routes.ts'
import { serverEdit as createServerEdit } from './own-files.ts'
import { smallState } from '../testing-only/small-app.ts'
import { defaultFlags } from '../state.ts'
import { workerEdit } from './worker-export.ts'

const context = {
  state: smallState(),
  rendered: new Map([['app/accounts/entities/index.ts', '']]),
  before: null,
  hasOwnDatabase: false,
}
const serverEdit = createServerEdit(context)
const mikroOrm = mikroOrmEdit(context)

/** The text after an edit that must succeed, and that must find nothing to do the second time. */
function edited(edit: HostEdit, text: string): string {
  const result = edit.ensure(text)
  if (result.outcome !== 'changed') throw new Error(`${edit.id}: ${JSON.stringify(result)}`)
  expect(edit.ensure(result.text)).toEqual({ outcome: 'already' })
  return result.text
}

const reasonOf = (edit: HostEdit, text: string | null) => {
  const result = edit.ensure(text)
  return result.outcome === 'manual' ? result.reason : result.outcome
}

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

describe('app/entry.server.tsx', () => {
  // As `npx react-router reveal` writes it.
  const revealed = `import { PassThrough } from "node:stream";
import type { EntryContext } from "react-router";
import { ServerRouter } from "react-router";
import { renderToPipeableStream } from "react-dom/server";

export default function handleRequest(request: Request, responseStatusCode: number, responseHeaders: Headers, routerContext: EntryContext) {
  return new Promise((resolve, reject) => {
    const { pipe, abort } = renderToPipeableStream(
      <ServerRouter context={routerContext} url={request.url} />,
      {
        onShellReady() {
          resolve(new Response());
        },
      },
    );
  });
}
`

  it('gives the nonce to the router and to the stream', () => {
    const text = edited(nonceEdit, revealed)
    expect(text).toContain(
      '<ServerRouter context={routerContext} url={request.url} nonce={getNonce(request)} />',
    )
    expect(text).toContain('{\n        nonce: getNonce(request),\n        onShellReady() {')
    expect(text).toContain('import { getNonce } from "@sigra/remix/react-router";')
  })

  it('knows the streams of the web, and options on one line', () => {
    const text = `import { ServerRouter } from 'react-router'
export default async function handle(req, status, headers, context) {
  const stream = await renderToReadableStream(<ServerRouter context={context} url={req.url} />, { onError() {} })
  return new Response(stream, { status, headers })
}
`
    expect(edited(nonceEdit, text)).toContain(
      'nonce={getNonce(req)} />, { nonce: getNonce(req), onError() {} })',
    )
  })

  it.each([
    ['half a nonce', revealed.replace('url={request.url}', 'url={request.url} nonce={nonce}'), /one place/u],
    [
      'two routers',
      revealed.replace('resolve(new Response());', 'resolve(<ServerRouter />)'),
      /single <ServerRouter>/u,
    ],
    [
      'options from elsewhere',
      revealed.replace(/\{\n\s+onShellReady[^]*?\},\n\s+\},/u, 'options,'),
      /written out/u,
    ],
    ['another renderer', revealed.replaceAll('renderToPipeableStream', 'renderSomehow'), /single call/u],
  ])('leaves %s alone', (_shape, text, reason) => {
    expect(reasonOf(nonceEdit, text)).toMatch(reason)
  })

  it('exports sigra for the server', () => {
    expect(edited(exportEdit, revealed)).toContain(
      '"react-dom/server";\n\nexport { sigra } from "./sigra.server";\n',
    )
    expect(edited(exportEdit, `${"import { sigra } from './sigra.server'\n"}void sigra\n`)).toContain(
      '\nexport { sigra }\n',
    )
    expect(reasonOf(exportEdit, 'import a from "a"\nconst sigra = 1\n')).toMatch(/of its own/u)
  })
})

describe('mikro-orm.config.ts, tables of what retired', () => {
  const retired = smallState({ features: ['accounts'], retired: ['passkeys'] })
  const [keep, drop] = [
    retiredTablesEdits({ ...context, state: retired, past: smallState() }),
    retiredTablesEdits({ ...context, past: retired }),
  ].flat()
  const config = (generator: string) =>
    `import { defineConfig } from '@mikro-orm/postgresql'\n\nexport default defineConfig({\n  schemaGenerator: ${generator},\n})\n`
  const ours = "skipTables: ['user_passkeys', 'webauthn_spent_challenges']"

  it.each([
    ["{ ignoreSchema: ['graphile_worker'] }", `{ ignoreSchema: ['graphile_worker'], ${ours} }`],
    [
      "{ skipTables: ['mine'], ignoreSchema: [] }",
      "{ skipTables: ['mine', 'user_passkeys', 'webauthn_spent_challenges'], ignoreSchema: [] }",
    ],
  ])('are skipped, and not any more once they are wanted again: %s', (before, after) => {
    if (!keep || !drop) throw new Error('Both edits are made.')
    expect(edited(keep, config(before))).toBe(config(after))
    expect(edited(drop, config(after))).toBe(config(before))
  })

  it.each([
    ['generator', 'not written out'],
    ['{ ...generator }', 'from somewhere else'],
    ['{ skipTables: tables }', 'not a plain list'],
  ])('are said where the configuration is %s', (generator, reason) => {
    expect(reasonOf(keep ?? drop ?? mikroOrm, config(generator))).toContain(reason)
  })

  it('leave a configuration alone where nothing ever retired', () => {
    expect(retiredTablesEdits({ ...context, past: smallState() })).toEqual([])
    expect(drop?.ensure(config('{}'))).toEqual({ outcome: 'already' })
  })
})

describe('mikro-orm.config.ts', () => {
  const addition = "import { sigraEntities } from './app/accounts/entities/index.ts'"

  it('adds entities, snapshot and what a difference must not touch to what is there', () => {
    const text = `import { defineConfig } from '@mikro-orm/postgresql'
import { Book } from './book.ts'

export default defineConfig({
  dbName: 'books',
  entities: [Book], // ours
  migrations: { path: 'db' },
})
`
    expect(edited(mikroOrm, text)).toBe(`import { defineConfig } from '@mikro-orm/postgresql'
import { Book } from './book.ts'
${addition}

export default defineConfig({
  dbName: 'books',
  entities: [Book, ...sigraEntities], // ours
  migrations: { path: 'db', snapshotName: '.snapshot' },
  ensureDatabase: false,
  schemaGenerator: { ignoreSchema: ['graphile_worker'], ignoreTriggers: true, ignoreRoutines: true },
})
`)
  })

  it.each([
    ['defineConfig with nothing', 'export default defineConfig({})\n'],
    ['a plain object', 'export default { entities: [A], schemaGenerator: {} }\n'],
    ['an object with a type', 'export default { entities: [] } satisfies Options\n'],
    ['a variable', 'const config: Options = { entities: [A] }\nexport default config\n'],
    [
      'a variable inside the call',
      'const options = {\n\tentities: [\n\t\tA,\n\t],\n}\nexport default defineConfig(options)\n',
    ],
    [
      'a list that ignores others',
      "export default defineConfig({ schemaGenerator: { ignoreSchema: ['audit'] } })\n",
    ],
    ['a snapshot of its own', "export default defineConfig({ migrations: { snapshotName: 'mine' } })\n"],
  ])('understands %s', (_form, text) => {
    const result = edited(mikroOrm, text)
    expect(result).toContain('...sigraEntities')
    expect(result).toContain("'graphile_worker'")
    expect(result).toContain('snapshotName')
    for (const name of ['ignoreTriggers: true', 'ignoreRoutines: true', 'ensureDatabase: false']) {
      expect(result.split(name)).toHaveLength(2)
    }
    expect(parseModule(result, 'x.ts')).not.toBeNull()
  })

  it('keeps the snapshot of the host', () => {
    const text = "export default defineConfig({ migrations: { snapshotName: 'mine' } })\n"
    expect(edited(mikroOrm, text)).toContain("migrations: { snapshotName: 'mine' }")
  })

  it('finds nothing to do in what the template says', () => {
    expect(reasonOf(mikroOrm, loadTemplate().get('mikro-orm.config.ts') ?? null)).toBe('already')
  })

  it.each(['ignoreTriggers', 'ignoreRoutines'])(
    'says that %s is switched off, and does not overrule it',
    (name) => {
      const text = `export default defineConfig({ schemaGenerator: { ${name}: false } })\n`
      expect(reasonOf(mikroOrm, text)).toBe(`its ${name} is not true`)
      expect(mikroOrm.ensure(text)).toMatchObject({ snippet: /ignoreTriggers: true, ignoreRoutines: true/u })
    },
  )

  it('says that ensureDatabase is switched on', () => {
    const text = 'export default defineConfig({ ensureDatabase: true })\n'
    expect(reasonOf(mikroOrm, text)).toBe('its ensureDatabase is not false')
    expect(mikroOrm.ensure(text)).toMatchObject({ snippet: /ensureDatabase: false/u })
  })

  it.each([
    ['a function', 'export default () => ({ entities: [] })\n', /not a configuration object/u],
    [
      'entities from elsewhere',
      'export default defineConfig({ entities })\n',
      /not a plain list|not written out/u,
    ],
    ['a base that may hold them', 'export default defineConfig({ ...base })\n', /somewhere else/u],
    ['a computed list', 'export default defineConfig({ entities: list() })\n', /not a plain list/u],
  ])('leaves %s alone', (_shape, text, reason) => {
    expect(reasonOf(mikroOrm, text)).toMatch(reason)
  })
})

describe('server.ts', () => {
  it('of the host is not guessed at: the lines of the wrapper are printed', () => {
    expect(serverEdit.ensure("import express from 'express'\n")).toMatchObject({
      outcome: 'manual',
      snippet: /sigraExpressErrors/u,
    })
    expect(reasonOf(serverEdit, "import { sigraExpress } from '@sigra/remix/express'\n")).toBe('already')
  })
})

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

describe('app/entry.server.tsx, who sends the mail', () => {
  const queue = workerEdit(context)
  const inProcess = workerEdit({
    ...context,
    state: smallState({ flags: { ...defaultFlags, mail: 'in-process' } }),
  })
  const host = `import { isbot } from "isbot";\n\nexport default function handle() {\n    isbot();\n}\n`

  it('starts the worker where the web process is to send', () => {
    expect(edited(inProcess, host)).toBe(`import { isbot } from "isbot";
import { defaultTransport, runWorker } from "@sigra/worker";
import { mails } from "./accounts/emails";
import { sigra } from "./sigra.server";

export const worker = runWorker({
    sigra,
    mails,
    transport: defaultTransport(process.env),
    from: process.env.MAIL_FROM,
    inProcess: true,
});

export default function handle() {
    isbot();
}
`)
  })

  it('does not start a second one, nor touch another thing of that name', () => {
    expect(reasonOf(inProcess, `${host}export const worker = 1\n`)).toBe('it has a worker of its own')
    expect(reasonOf(inProcess, null)).toBe('there is no such file')
  })

  it('asks to take it away when a process of its own sends', () => {
    expect(reasonOf(queue, edited(inProcess, host))).toContain('a process of its own')
    expect(reasonOf(queue, host)).toBe('already')
    expect(reasonOf(queue, null)).toBe('already')
  })
})

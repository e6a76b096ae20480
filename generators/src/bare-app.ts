import { MagicString } from 'magic-string'
import { TemplateInvalid } from './errors.ts'
import { isNode, parseModule, walk, type SyntaxNode } from './syntax.ts'

/** The home page before there is anybody to greet. */
export const bareHome = `import { appName } from '~/brand'

export default function Home() {
  return (
    <main className="page" id="main">
      <section className="hero">
        <h1>{appName} is ready for its first page.</h1>
      </section>
    </main>
  )
}
`

/** The root route without the middleware: the opposite of the edit in `edits/root.ts`. */
export function removeRootEntry(text: string): string {
  return removeStatements(text, 'app/root.tsx', (statement) => {
    if (statement.type === 'ImportDeclaration') return importsSigra(statement)
    return statement.type === 'ExportNamedDeclaration' && declares(statement, 'middleware')
  })
}

/** The route list without our routes: the opposite of the edit in `edits/routes.ts`. */
export function removeRoutesEntry(text: string): string {
  const output = new MagicString(text)
  walk(parseOrThrow(text, 'app/routes.ts'), (node) => {
    if (node.type !== 'ArrayExpression' || !Array.isArray(node['elements'])) return
    const elements: unknown[] = node['elements']
    for (const [index, element] of elements.entries()) {
      const before = elements[index - 1]
      if (!isNode(element) || !text.slice(element.start, element.end).startsWith('...sigraRoutes(')) continue
      output.remove(isNode(before) ? before.end : element.start, element.end)
    }
  })
  return removeStatements(output.toString(), 'app/routes.ts', (statement) => importsSigra(statement))
}

function removeStatements(text: string, path: string, isOurs: (statement: SyntaxNode) => boolean): string {
  const output = new MagicString(text)
  for (const statement of parseOrThrow(text, path).body) {
    if (!isNode(statement) || !isOurs(statement)) continue
    const lineEnd = text.indexOf('\n', statement.end) + 1
    const isApart = text.startsWith('\n', lineEnd) && text.slice(0, statement.start).endsWith('\n\n')
    output.remove(statement.start, isApart ? lineEnd + 1 : lineEnd)
  }
  return output.toString()
}

function parseOrThrow(text: string, path: string): { body: readonly unknown[] } {
  const file = parseModule(text, path)
  if (file === null) throw new TemplateInvalid(`${path} does not parse.`)
  return file.program
}

function importsSigra(statement: SyntaxNode): boolean {
  const source = statement['source']
  const specifier = isNode(source) ? String(source['value']) : ''
  return specifier.startsWith('@sigra/') || /(^|\/)sigra\.(server|routes)(\.ts)?$/u.test(specifier)
}

function declares(statement: SyntaxNode, name: string): boolean {
  let found = false
  walk(statement['declaration'], (node, parents) => {
    const isName =
      node.type === 'Identifier' && node['name'] === name && parents.at(-1)?.type === 'VariableDeclarator'
    found ||= isName
  })
  return found
}

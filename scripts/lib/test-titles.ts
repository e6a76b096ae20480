import { parseFile, type SyntaxNode, textOf, visit } from './syntax-tree.ts'

/** The titles of a file's tests, as they stand in the source: `%s` and `${…}` are not filled in. */
export function readTestTitles(file: string): Set<string> {
  const { text, program } = parseFile(file)
  const titles = new Set<string>()
  visit(program, (node) => {
    if (node.type !== 'CallExpression' || !isTest(node.callee)) return
    const [title] = node.arguments ?? []
    const said = textOf(title)
    if (said !== undefined) titles.add(said)
    if (title?.type === 'TemplateLiteral') titles.add(text.slice(title.start + 1, title.end - 1))
  })
  return titles
}

const NO_EVIDENCE = new Set(['describe', 'skip', 'todo', 'fixme', 'fails', 'fail'])

/** `it`, `test.only`, `it.each([…])`, but nothing that shows nothing: a `describe`, a test that does not run. */
function isTest(callee: SyntaxNode | undefined): boolean {
  if (callee === undefined) return false
  if (callee.type === 'MemberExpression')
    return isTest(callee.object) && !NO_EVIDENCE.has(callee.property?.name ?? '')
  if (callee.type === 'CallExpression') return isTest(callee.callee)
  return callee.name === 'it' || callee.name === 'test'
}

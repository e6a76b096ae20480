import { parseFile, visit } from './syntax-tree.mjs'

/** The titles of a file's tests, as they stand in the source: `%s` and `${…}` are not filled in. @returns {Set<string>} */
export function readTestTitles(file) {
  const { text, program } = parseFile(file)
  const titles = new Set()
  visit(program, (node) => {
    if (node.type !== 'CallExpression' || !isTest(node.callee)) return
    const [title] = node.arguments
    if (title?.type === 'StringLiteral') titles.add(title.value)
    if (title?.type === 'TemplateLiteral') titles.add(text.slice(title.start + 1, title.end - 1))
  })
  return titles
}

const NO_EVIDENCE = new Set(['describe', 'skip', 'todo', 'fixme', 'fails', 'fail'])

/** `it`, `test.only`, `it.each([…])`, but nothing that shows nothing: a `describe`, a test that does not run. */
function isTest(callee) {
  if (callee.type === 'MemberExpression')
    return isTest(callee.object) && !NO_EVIDENCE.has(callee.property.name)
  if (callee.type === 'CallExpression') return isTest(callee.callee)
  return callee.name === 'it' || callee.name === 'test'
}

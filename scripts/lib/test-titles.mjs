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

/** `it`, `test.only`, `it.each([…])`, but no `describe`: that shows nothing by itself. */
function isTest(callee) {
  if (callee.type === 'MemberExpression') return isTest(callee.object) && callee.property.name !== 'describe'
  if (callee.type === 'CallExpression') return isTest(callee.callee)
  return callee.name === 'it' || callee.name === 'test'
}

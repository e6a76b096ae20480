import { isNode, walk, type SyntaxNode } from '../syntax.ts'
import type { HostEdit } from './edit.ts'
import { editModule, importedFrom, indentAt, type Finding, type HostModule } from './module-edit.ts'

const reason = `{/* Styles need no nonce. With one, React would miss it: browsers hide it. */}`

/**
 * `app/root.tsx`: `<Links>` would take the nonce that the server renders with. The browser hides it from scripts, so
 * that React finds another document than it expects, and says so in red on every page.
 */
export const linksEdit: HostEdit = {
  paths: ['app/root.tsx'],
  id: 'links',
  isForOwnFile: true,
  ensure: (text) => editModule(text, 'root.tsx', `${reason}\n<Links nonce="" />`, ensureNonce),
}

function ensureNonce(module: HostModule): Finding {
  if (importedFrom(module, 'Links') !== 'react-router') return { unknown: 'its <Links> is somewhere else' }
  const tags = findLinks(module)
  if (tags.length === 0) return { unknown: 'its <Links> is somewhere else' }
  const bare = tags.filter(({ tag }) => !namesNonce(tag))
  if (bare.length === 0) return 'already'
  if (bare.some(({ tag }) => hasSpread(tag))) return { unknown: 'its <Links> takes what is made elsewhere' }
  for (const { tag, isChild } of bare) addNonce(module, tag, isChild)
  return 'changed'
}

interface Found {
  /** The opening tag. */
  tag: SyntaxNode
  /** It stands between other elements, where a comment may stand too. */
  isChild: boolean
}

function findLinks({ program }: HostModule): Found[] {
  const found: Found[] = []
  walk(program, (node, parents) => {
    const name = node.type === 'JSXOpeningElement' ? node['name'] : null
    if (!isNode(name) || name['name'] !== 'Links') return
    found.push({ tag: node, isChild: parents.at(-2)?.type === 'JSXElement' })
  })
  return found
}

function addNonce({ output, text }: HostModule, tag: SyntaxNode, isChild: boolean): void {
  const name = tag['name']
  if (!isNode(name)) return
  output.appendLeft(name.end, ' nonce=""')
  const line = text.lastIndexOf('\n', tag.start) + 1
  const isFirstInLine = text.slice(line, tag.start).trim() === ''
  if (isChild && isFirstInLine) output.appendLeft(tag.start, `${reason}\n${indentAt(text, tag.start)}`)
}

/** As an attribute, or inside a spread: `{...(nonce && { nonce })}`. */
function namesNonce(tag: SyntaxNode): boolean {
  let found = false
  walk(tag, (node) => {
    found ||= node['name'] === 'nonce'
  })
  return found
}

function hasSpread({ attributes }: SyntaxNode): boolean {
  return Array.isArray(attributes) && attributes.some((attribute) => attribute.type === 'JSXSpreadAttribute')
}

import type { SyntaxNode } from './syntax-tree.ts'

// `as` is for two things: making a brand, in the file that declares it, and giving what arrives untyped its type, in the
// places below. Everything else is a claim nobody checks.
const PLACES: Readonly<Record<string, string>> = {
  'packages/mikro-orm/src/database/execute.ts': 'Row[]', // SQL rows
  'packages/worker/src/mail/call-template.ts': 'MailProps<never>[Kind]', // the host's columns, as its templates declare them
  'packages/remix/src/sigra.ts': 'U', // the host's columns of the session statement, declared by the host
}

/** Something in a file that is not as it is meant to be. */
export interface Problem {
  line: number
  problem: string
}

/** What is wrong with the assertions of a file. */
export function findCasts(path: string, text: string, nodes: readonly SyntaxNode[]): Problem[] {
  const brands = new Set([...text.matchAll(/\btype (\w+) = Brand</g)].map(([, name]) => name))
  return nodes
    .filter(({ type }) => type === 'TSAsExpression' || type === 'TSTypeAssertion')
    .map((node) => ({
      line: node.loc.start.line,
      type: text.slice(node.typeAnnotation?.start, node.typeAnnotation?.end),
    }))
    .filter(({ type }) => type !== 'const' && !brands.has(type) && PLACES[path] !== type)
    .map(({ line, type }) => ({
      line,
      problem: `asserts \`as ${type}\`; parse it, or type it where it is made`,
    }))
}

// Which cryptography a source file uses: `node:crypto createHmac`, `hash-wasm argon2id`, `global Math.random`, `sql sha256`
// in a statement, `text crypto.randomBytes` in a command to copy, and our own wrappers as `sigra createMac`: who calls one
// of those uses cryptography as well.
import { dynamicImport, parseText, type SyntaxNode, textOf, visit } from './syntax-tree.ts'

const NODE_CRYPTO = /^(?:node:)?crypto$/
/** Packages that are nothing but cryptography: the ones we use, and the ones somebody might reach for. */
const PACKAGES =
  /^(?:hash-wasm|@node-rs\/(?:argon2|bcrypt)|argon2.*|bcrypt.*|@simplewebauthn\/.+|@?otplib.*|otpauth|speakeasy|jose|openid-client|oauth4webapi|jsonwebtoken|@noble\/.+|@oslojs\/.+|tweetnacl.*|libsodium.*|sodium-.*|crypto-js.*|node-forge|nanoid.*|uuid|uncrypto|cookie-signature|iron-.+|@hapi\/iron)$/
const OWN_MODULES =
  /^@sigra\/core$|\/(?:hash|hmac|hkdf|key-ring|sealed-value|random|random-token|constant-time)\.ts$/
const OWN_NAMES = new Set([
  'createMac',
  'createRandomToken',
  'deriveKey',
  'hkdfSha256',
  'hmacSha256',
  'isEqualConstantTime',
  'open',
  'seal',
  'sha256',
  'systemRandom',
])
const IN_SQL =
  /(?<![.\w])(sha(?:224|256|384|512)|md5|digest|hmac|crypt|gen_salt|gen_random_\w+|uuidv[47]|pgp_\w+|random|hashtext\w*)\s*\(/g
const IN_TEXT = /\b(Math\.random|crypto(?:\.\w+)+)\(/g

/** @returns Sorted, each once. */
export function findCryptoUses(text: string, { jsx = false } = {}): string[] {
  const { program } = parseText(text, { jsx })
  const found = new Set<string>()
  const namespaces = new Set<string>()
  visit(program, (node) => {
    if (node.type === 'ImportDeclaration') readImport(node, found, namespaces)
    for (const from of loadedModules(node)) {
      if (NODE_CRYPTO.test(from)) found.add('node:crypto *')
      else if (PACKAGES.test(from)) found.add(`${from} *`)
    }
    for (const piece of textsOf(node)) {
      for (const [, name] of piece.matchAll(IN_SQL)) found.add(`sql ${name}`)
      for (const [, name] of piece.matchAll(IN_TEXT)) found.add(`text ${name}`)
    }
  })
  visit(program, (node) => {
    for (const [object, name] of readsOf(node)) {
      if (object !== undefined && namespaces.has(object)) found.add(`node:crypto ${name}`)
      else if (object === 'crypto') found.add(`global crypto.${name}`)
      else if (object === 'Math' && name === 'random') found.add('global Math.random')
    }
  })
  return [...found].toSorted()
}

function readImport(
  { source, specifiers = [], importKind }: SyntaxNode,
  found: Set<string>,
  namespaces: Set<string>,
): void {
  const from = textOf(source) ?? ''
  if (importKind === 'type') return
  for (const { type, importKind: kind, imported, local } of specifiers) {
    if (kind === 'type') continue
    const name = type === 'ImportSpecifier' ? (nameOf(imported) ?? '*') : '*'
    if (NODE_CRYPTO.test(from)) {
      if (name === '*' || name === 'default' || name === 'webcrypto') namespaces.add(local?.name ?? '')
      else found.add(`node:crypto ${name}`)
    } else if (PACKAGES.test(from)) found.add(`${from} ${name}`)
    else if (OWN_MODULES.test(from) && OWN_NAMES.has(name)) found.add(`sigra ${name}`)
  }
}

/** What `import(…)` and `require(…)` load, and what is handed on by `export … from`. */
function loadedModules(node: SyntaxNode): string[] {
  const { type } = node
  const isReExport = type === 'ExportNamedDeclaration' || type === 'ExportAllDeclaration'
  const isRequire = type === 'CallExpression' && node.callee?.name === 'require'
  const from = isReExport
    ? textOf(node.exportKind === 'type' ? null : node.source)
    : isRequire
      ? textOf(node.arguments?.[0])
      : dynamicImport(node)
  return from === undefined ? [] : [from]
}

/** `crypto.subtle` as ['crypto', 'subtle'], `globalThis.crypto.subtle` as well, and `const { random } = Math`. */
function readsOf(node: SyntaxNode): (readonly [object: string | undefined, name: string])[] {
  if (node.type === 'VariableDeclarator' && node.id?.type === 'ObjectPattern') {
    const owner = nameOf(node.init)
    return (node.id.properties ?? []).map((property) => [owner, property.key?.name ?? '*'])
  }
  if (node.type === 'VariableDeclarator' && node.init?.name === 'crypto') return [['crypto', '*']]
  if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return []
  const name = node.computed ? textOf(node.property) : node.property?.name
  return [[nameOf(node.object), name ?? '*']]
}

function nameOf(node: SyntaxNode | null | undefined): string | undefined {
  return node?.name ?? node?.property?.name ?? textOf(node?.property) ?? textOf(node)
}

function textsOf({ type, value }: SyntaxNode): string[] {
  if (type === 'TemplateElement' && typeof value === 'object') return [value.cooked ?? value.raw]
  return (type === 'StringLiteral' || type === 'JSXText') && typeof value === 'string' ? [value] : []
}

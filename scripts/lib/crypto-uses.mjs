// Which cryptography a source file uses: `node:crypto createHmac`, `hash-wasm argon2id`, `global Math.random`, `sql sha256`
// in a statement, `text crypto.randomBytes` in a command to copy, and our own wrappers as `sigra createMac`: who calls one
// of those uses cryptography as well.
import { parseText, visit } from './syntax-tree.mjs'

const NODE_CRYPTO = /^(?:node:)?crypto$/
/** Packages that are nothing but cryptography: the ones we use, and the ones somebody might reach for. */
const PACKAGES =
  /^(?:hash-wasm|@node-rs\/(?:argon2|bcrypt)|argon2.*|bcrypt.*|@simplewebauthn\/.+|@?otplib.*|otpauth|speakeasy|jose|jsonwebtoken|@noble\/.+|@oslojs\/.+|tweetnacl.*|libsodium.*|sodium-.*|crypto-js.*|node-forge|nanoid.*|uuid|uncrypto|cookie-signature|iron-.+|@hapi\/iron)$/
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

/** @returns {string[]} sorted, each once. */
export function findCryptoUses(text, { jsx = false } = {}) {
  const { program } = parseText(text, { jsx })
  const found = new Set()
  const namespaces = new Set()
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
      if (namespaces.has(object)) found.add(`node:crypto ${name}`)
      else if (object === 'crypto') found.add(`global crypto.${name}`)
      else if (object === 'Math' && name === 'random') found.add('global Math.random')
    }
  })
  return [...found].toSorted()
}

function readImport({ source: { value: from }, specifiers, importKind }, found, namespaces) {
  if (importKind === 'type') return
  for (const { type, importKind: kind, imported, local } of specifiers) {
    if (kind === 'type') continue
    const name = type === 'ImportSpecifier' ? (imported.name ?? imported.value) : '*'
    if (NODE_CRYPTO.test(from)) {
      if (name === '*' || name === 'default' || name === 'webcrypto') namespaces.add(local.name)
      else found.add(`node:crypto ${name}`)
    } else if (PACKAGES.test(from)) found.add(`${from} ${name}`)
    else if (OWN_MODULES.test(from) && OWN_NAMES.has(name)) found.add(`sigra ${name}`)
  }
}

/** What `import(…)` and `require(…)` load, and what is handed on by `export … from`. */
function loadedModules(node) {
  const { type } = node
  if (type === 'ExportNamedDeclaration' || type === 'ExportAllDeclaration')
    return node.source && node.exportKind !== 'type' ? [node.source.value] : []
  const isImport = type === 'ImportExpression' || (type === 'CallExpression' && node.callee.type === 'Import')
  const isRequire = type === 'CallExpression' && node.callee.name === 'require'
  const source = isImport ? (node.source ?? node.arguments[0]) : isRequire ? node.arguments[0] : undefined
  return source?.type === 'StringLiteral' ? [source.value] : []
}

/** `crypto.subtle` as ['crypto', 'subtle'], `globalThis.crypto.subtle` as well, and `const { random } = Math`. */
function readsOf(node) {
  if (node.type === 'VariableDeclarator' && node.id.type === 'ObjectPattern') {
    const owner = nameOf(node.init)
    return node.id.properties.map((property) => [owner, property.key?.name ?? '*'])
  }
  if (node.type === 'VariableDeclarator' && node.init?.name === 'crypto') return [['crypto', '*']]
  if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return []
  const name = node.computed ? (node.property.value ?? '*') : node.property.name
  return [[nameOf(node.object), name]]
}

function nameOf(node) {
  return node?.name ?? node?.property?.name ?? node?.property?.value
}

function textsOf(node) {
  if (node.type === 'StringLiteral') return [node.value]
  if (node.type === 'TemplateElement') return [node.value.cooked ?? node.value.raw]
  return node.type === 'JSXText' ? [node.value] : []
}

// What the linter cannot see: imports that a package does not declare, circles between files, re-exports outside entry
// files, React Router in the library's framework-free entry, raw redirects in owned routes, and type assertions. Prints each finding and fails when there is one.
import { existsSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { findCasts } from './lib/casts.mjs'
import { findCircles } from './lib/circles.ts'
import { complain, say } from './lib/say.mjs'
import { parseFile, visit } from './lib/syntax-tree.mjs'
import { root } from './lib/workspace.mjs'

const WORKSPACES = ['packages/*', 'generators', 'generators/template', 'playground', 'e2e']
const TEST_FILE = /\.(test|spec)\.tsx?$|\/(tests|e2e|testing-only)\//
const ALIAS = /^[~#]\/|^virtual:|^\.{1,2}\/|^\./

const findings = []
const rootManifest = await readJson(join(root, 'package.json'))
let files = 0
const importsOf = new Map()
for (const pattern of WORKSPACES) {
  for await (const manifestFile of glob(`${pattern}/package.json`, { cwd: root }))
    await checkWorkspace(manifestFile)
}
for (const circle of findCircles(importsOf))
  findings.push(`imports go in a circle: ${circle.map((file) => relative(root, file)).join(' → ')}`)
checkFrameworkFreeEntry(join(root, 'packages/remix/src/index.ts'))

for (const finding of findings) complain(finding)
say(`${files} files checked, ${findings.length} findings`)
process.exitCode = findings.length > 0 ? 1 : 0

async function checkWorkspace(manifestFile) {
  const folder = join(root, dirname(manifestFile))
  const manifest = await readJson(join(root, manifestFile))
  const isLibrary = manifest.private !== true
  const isDevelopment = await developmentFiles(folder, isLibrary)
  const shipped = new Set([
    manifest.name,
    ...Object.keys({
      ...manifest.dependencies,
      ...manifest.peerDependencies,
      ...manifest.optionalDependencies,
    }),
  ])
  const all = new Set([
    ...shipped,
    ...Object.keys({ ...manifest.devDependencies, ...rootManifest.devDependencies }),
  ])
  const entries = entryFiles(manifest, folder)
  const sources = isLibrary ? 'src/**/*.{ts,tsx}' : '**/*.{ts,tsx}'
  for await (const name of glob(sources, { cwd: folder, exclude: isGenerated })) {
    const file = join(folder, name)
    files += 1
    const module = readModule(file)
    const allowed = isLibrary && !isDevelopment(file) ? shipped : all
    for (const { specifier, line } of module.imports) {
      const wanted = packageOf(specifier)
      if (wanted && !allowed.has(wanted))
        report(file, line, `imports ${wanted}, which package.json does not declare`)
    }
    if (isLibrary && !isDevelopment(file)) checkReExports(file, module, entries)
    // Tests may: what they hand over wrongly typed is what they are about.
    if (isLibrary ? !isDevelopment(file) : !TEST_FILE.test(file))
      for (const { line, problem } of module.casts) report(file, line, problem)
    if (!isLibrary) checkRedirects(file, module)
    importsOf.set(file, importedFiles(file, module))
  }
}

function importedFiles(file, { imports }) {
  const targets = imports.map(({ specifier }) => resolve(dirname(file), specifier))
  return targets.filter((target, n) => imports[n].specifier.startsWith('.') && existsSync(target))
}

/** Files that are not shipped: tests, and what the build leaves out. */
async function developmentFiles(folder, isLibrary) {
  if (!isLibrary) return () => true
  const build = await readJson(join(folder, 'tsconfig.build.json'))
  const left = (build.exclude ?? [])
    .filter((pattern) => !pattern.includes('*'))
    .map((pattern) => join(folder, pattern))
  return (file) =>
    TEST_FILE.test(file) || left.some((pattern) => file.startsWith(`${pattern.replace(/\/\*\*.*$/, '')}/`))
}

function entryFiles({ exports = {}, bin = {} }, folder) {
  const sources = Object.values(exports).map((target) => target['sigra-source'] ?? '')
  const bins = Object.values(bin).map((target) => target.replace('./dist/', './src/').replace(/\.js$/, '.ts'))
  return new Set([...sources, ...bins].filter(Boolean).map((path) => resolve(folder, path)))
}

function checkReExports(file, module, entries) {
  for (const line of module.wildcards) report(file, line, 're-exports everything; name what is exported')
  if (entries.has(file)) return
  for (const line of module.reExports)
    report(file, line, 're-exports outside an entry file; import from where it lives')
}

/** Owned code redirects through sigra.redirect, which checks the path. */
function checkRedirects(file, module) {
  if (!file.includes('/app/')) return
  for (const { line, names, specifier } of module.imports) {
    if (specifier !== 'react-router') continue
    const raw = names.filter(
      (name) => name === 'redirect' || name === 'redirectDocument' || name === 'replace',
    )
    for (const name of raw)
      report(file, line, `imports ${name} from react-router; sigra.redirect checks the path`)
  }
}

function checkFrameworkFreeEntry(entry) {
  const seen = new Set()
  const queue = existsSync(entry) ? [entry] : []
  for (let file = queue.pop(); file; file = queue.pop()) {
    if (seen.has(file)) continue
    seen.add(file)
    const { imports } = readModule(file)
    for (const { specifier, line } of imports) {
      if (/^(react-router|@react-router\/|express$|@remix-run\/)/.test(specifier)) {
        report(file, line, `brings ${specifier} into the main entry, which must run in any framework`)
      }
      const target = resolve(dirname(file), specifier)
      if (specifier.startsWith('.') && !target.endsWith('.json') && existsSync(target)) queue.push(target)
    }
  }
}

function readModule(file) {
  const { text, program } = parseFile(file)
  const nodes = []
  const module = { imports: [], reExports: [], wildcards: [] }
  for (const node of program.body) {
    const line = node.loc.start.line
    const specifier = node.source?.value
    if (specifier === undefined) continue
    const names = (node.specifiers ?? []).map(({ imported }) => imported?.name ?? '')
    module.imports.push({ specifier, line, names })
    if (node.type === 'ExportAllDeclaration') module.wildcards.push(line)
    if (node.type === 'ExportNamedDeclaration') module.reExports.push(line)
  }
  visit(program, (node) => {
    nodes.push(node)
    const isDynamic =
      node.type === 'ImportExpression' || (node.type === 'CallExpression' && node.callee.type === 'Import')
    const source = isDynamic ? (node.source ?? node.arguments[0]) : null
    if (source?.type === 'StringLiteral') {
      module.imports.push({ specifier: source.value, line: node.loc.start.line, names: [] })
    }
  })
  return { ...module, casts: findCasts(relative(root, file), text, nodes) }
}

function packageOf(specifier) {
  if (ALIAS.test(specifier) || specifier.startsWith('node:') || builtinModules.includes(specifier))
    return null
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

function isGenerated(name) {
  return /(^|\/)(node_modules|dist[^/]*|build|\.react-router|\.sigra)(\/|$)/.test(name)
}

function report(file, line, problem) {
  findings.push(`${relative(root, file)}:${line} ${problem}`)
}

async function readJson(file) {
  return JSON.parse(await readFile(file, 'utf8'))
}

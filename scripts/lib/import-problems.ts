import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { findCircles } from './circles.ts'
import { roomProblem } from './rooms.ts'
import { packageOf, readModule, type SourceModule } from './source-module.ts'
import { type Manifest, readManifest } from './workspace.ts'

export interface ImportProblems {
  /** How many were looked at. */
  files: number
  findings: readonly string[]
}

const WORKSPACES = ['packages/*', 'generators', 'generators/template', 'playground', 'e2e']
const FRAMEWORK_FREE = 'packages/remix/src/index.ts'
const FRAMEWORK = /^(react-router|@react-router\/|express$|@remix-run\/)/
const TEST_FILE = /\.(test|spec)\.tsx?$|\/(tests|e2e|testing-only)\//
const GENERATED = /(^|\/)(node_modules|dist[^/]*|build|\.react-router|\.sigra)(\/|$)/
const RAW_REDIRECTS = ['redirect', 'redirectDocument', 'replace']

/** A folder with a package.json, and what its files may do. */
interface Workspace {
  isLibrary: boolean
  /** Packages that files may import that are shipped. */
  shipped: ReadonlySet<string>
  /** Packages that any of its files may import. */
  all: ReadonlySet<string>
  /** Files that may hand on what others export. */
  entries: ReadonlySet<string>
  /** Tests, and what the build leaves out. */
  isDevelopment(file: string): boolean
}

/** What is wrong with the imports, and the type assertions, of a repository. */
export function findImportProblems(root: string): ImportProblems {
  const findings: string[] = []
  const importsOf = new Map<string, string[]>()
  const manifests = globSync(
    WORKSPACES.map((folder) => `${folder}/package.json`),
    { cwd: root },
  )
  for (const manifest of manifests) {
    const folder = join(root, dirname(manifest))
    const workspace = readWorkspace(root, folder)
    const sources = workspace.isLibrary ? 'src/**/*.{ts,tsx}' : '**/*.{ts,tsx}'
    for (const name of globSync(sources, { cwd: folder, exclude: (path) => GENERATED.test(path) })) {
      const file = join(folder, name)
      const module = readModule(root, file)
      findings.push(...problemsOf(root, workspace, file, module))
      importsOf.set(file, importedFiles(file, module))
    }
  }
  for (const circle of findCircles(importsOf))
    findings.push(`imports go in a circle: ${circle.map((file) => relative(root, file)).join(' → ')}`)
  findings.push(...frameworkProblems(root))
  return { files: importsOf.size, findings }
}

function readWorkspace(root: string, folder: string): Workspace {
  const manifest = readManifest(join(folder, 'package.json'))
  const isLibrary = manifest.private !== true
  const { dependencies, peerDependencies, optionalDependencies, devDependencies } = manifest
  const shipped = [
    manifest.name,
    ...Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies }),
  ]
  const developed = { ...devDependencies, ...readManifest(join(root, 'package.json')).devDependencies }
  return {
    isLibrary,
    shipped: new Set(shipped),
    all: new Set([...shipped, ...Object.keys(developed)]),
    entries: entryFiles(manifest, folder),
    isDevelopment: isLibrary ? developmentFiles(folder) : () => true,
  }
}

interface BuildConfig {
  exclude?: readonly string[]
}

function developmentFiles(folder: string): (file: string) => boolean {
  const { exclude = [] }: BuildConfig = JSON.parse(readFileSync(join(folder, 'tsconfig.build.json'), 'utf8'))
  const left = exclude
    .filter((pattern) => !pattern.includes('*'))
    .map((pattern) => `${join(folder, pattern)}/`)
  return (file) => TEST_FILE.test(file) || left.some((path) => file.startsWith(path))
}

function entryFiles({ exports = {}, bin = {} }: Manifest, folder: string): Set<string> {
  const sources = Object.values(exports).map((target) =>
    typeof target === 'string' ? '' : target['sigra-source'],
  )
  const bins = Object.values(bin).map((target) => target.replace('./dist/', './src/').replace(/\.js$/, '.ts'))
  return new Set([...sources, ...bins].flatMap((path) => (path ? [resolve(folder, path)] : [])))
}

function problemsOf(root: string, workspace: Workspace, file: string, module: SourceModule): string[] {
  const { isLibrary, shipped, all, isDevelopment } = workspace
  const isShipped = isLibrary && !isDevelopment(file)
  const allowed = isShipped ? shipped : all
  const path = relative(root, file)
  const at = (line: number, problem: string) => `${path}:${line} ${problem}`
  // Tests may assert: what they hand over wrongly typed is what they are about.
  const mayAssert = isLibrary ? !isShipped : TEST_FILE.test(file)
  return [
    ...module.imports.flatMap(({ specifier, line }) => {
      const wanted = packageOf(specifier)
      const isUndeclared = wanted !== null && !allowed.has(wanted)
      const refused = roomProblem(path, specifier)
      return [
        ...(isUndeclared ? [at(line, `imports ${wanted}, which package.json does not declare`)] : []),
        ...(refused === null ? [] : [at(line, refused)]),
      ]
    }),
    ...(isShipped ? reExportProblems(file, module, workspace.entries, at) : []),
    ...(mayAssert ? [] : module.casts.map(({ line, problem }) => at(line, problem))),
    ...(isLibrary ? [] : redirectProblems(path, module, at)),
  ]
}

type At = (line: number, problem: string) => string

function reExportProblems(
  file: string,
  { wildcards, reExports }: SourceModule,
  entries: ReadonlySet<string>,
  at: At,
): string[] {
  const named = entries.has(file) ? [] : reExports
  return [
    ...wildcards.map((line) => at(line, 're-exports everything; name what is exported')),
    ...named.map((line) => at(line, 're-exports outside an entry file; import from where it lives')),
  ]
}

/** Owned code redirects through sigra.redirect, which checks the path. */
function redirectProblems(path: string, { imports }: SourceModule, at: At): string[] {
  if (!path.includes('/app/')) return []
  return imports
    .filter(({ specifier }) => specifier === 'react-router')
    .flatMap(({ line, names }) =>
      names
        .filter((name) => RAW_REDIRECTS.includes(name))
        .map((name) => at(line, `imports ${name} from react-router; sigra.redirect checks the path`)),
    )
}

function frameworkProblems(root: string): string[] {
  const findings: string[] = []
  const seen = new Set<string>()
  const queue = [join(root, FRAMEWORK_FREE)].filter((file) => existsSync(file))
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (seen.has(file)) continue
    seen.add(file)
    const module = readModule(root, file)
    for (const { specifier, line } of module.imports.filter((each) => FRAMEWORK.test(each.specifier)))
      findings.push(
        `${relative(root, file)}:${line} brings ${specifier} into the main entry, which must run in any framework`,
      )
    queue.push(...importedFiles(file, module).filter((target) => !target.endsWith('.json')))
  }
  return findings
}

function importedFiles(file: string, { imports }: SourceModule): string[] {
  return imports
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier }) => resolve(dirname(file), specifier))
    .filter((target) => existsSync(target))
}

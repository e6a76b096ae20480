import { holds, selectLines } from './directives.ts'
import { skipTables } from './edits/retired-tables.ts'
import { renderEntity, renderEntityTest } from './entity-files.ts'
import { entityFile, entityTestFile } from './entity-items.ts'
import { addEntities } from './entity-joints.ts'
import { TemplateInvalid } from './errors.ts'
import { keepLast } from './keep-last.ts'
import { isManagerFile, withVersions } from './manager-files.ts'
import { missingParts, partsOf, partsWithout, type AllParts } from './features/feature-parts.ts'
import { withoutFeatures } from './features/without-features.ts'
import { createRenamer, type Renamer } from './names.ts'
import { withoutKeys } from './env-blocks.ts'
import { renderPackageJson } from './package-json.ts'
import { renameText } from './rename.ts'
import { followMoves } from './follow-moves.ts'
import { addRoutes, renderRouteFiles } from './route-items.ts'
import { existingPath, isRules, rulesOf, type Rules } from './rules.ts'
import { scopeStyles } from './scope-styles.ts'
import { snapshotFile, sortTables, withoutTables } from './snapshot.ts'
import type { State } from './state.ts'
import { loadTemplate, type Template } from './template.ts'

export interface RenderedFile {
  readonly text: string
  /** The template it comes from; stays the same when names move the file. */
  readonly template: string
  /** Names changed the length of lines, so that a formatter may want to wrap them differently. */
  readonly isReshaped: boolean
}

/**
 * The files of an app in a given state. Pure: same state, same bytes; LF; no clock, randomness, environment
 * or network. Without features it is the bare React Router app.
 *
 * @throws {TemplateInvalid} when a template is malformed.
 */
export function render(state: State): Map<string, string> {
  const files = renderTemplate(loadTemplate(), state)
  return new Map([...files].map(([path, { text }]) => [path, text]))
}

type Rendered = ReadonlyMap<string, RenderedFile>

/** Of each template what was rendered last: a plan asks for one state several times, and the next plan begins where it ended. */
const rendered = new WeakMap<Template, (state: string, make: () => Rendered) => Rendered>()

/** `render` with another template, and with the facts the lock file records. */
export function renderTemplate(template: Template, state: State): Map<string, RenderedFile> {
  const kept = rendered.get(template) ?? keepLast<Rendered>(16)
  rendered.set(template, kept)
  return new Map(kept(JSON.stringify(state), () => renderAnew(template, state)))
}

function renderAnew(template: Template, state: State): Map<string, RenderedFile> {
  const rules = rulesOf(template)
  const renamer = createRenamer(state.names, rules.features)
  const moved = movedBy(rules, template, state)
  const files = new Map<string, RenderedFile>()

  for (const [stored, source] of chooseVariants(template, state)) {
    const path = unstored(stored)
    if (isRules(path) || !belongs(path, state, rules)) continue
    const selected =
      path === 'package.json' ? renderPackageJson(source, state, rules) : selectLines(source, state, stored)
    if (selected === null) continue
    const place = moved.get(path) ?? path
    const shaped = scope(
      path,
      followMoves(shape(path, selected, state, rules), path, place, moved),
      state,
      rules,
    )
    const renamed = rename(shaped, path, renamer)
    const text = hasAccounts(state) ? addEntities(path, addRoutes(path, renamed, state), state) : renamed
    files.set(renamer.path(place), {
      text,
      template: stored,
      isReshaped: path !== snapshotFile && (text !== shaped || hasRetired(path, state)),
    })
  }
  for (const [path, text, template] of hasAccounts(state) ? listItems(state, renamer) : [])
    files.set(path, { text, template, isReshaped: true })
  return new Map([...files].sort(([one], [other]) => (one < other ? -1 : 1)))
}

/** What people had added beside: path, text, and what it is called in the lock file. */
function listItems(state: State, renamer: Renamer): [path: string, text: string, template: string][] {
  const routes = state.routes.flatMap((route) =>
    renderRouteFiles(route, state, renamer).map(([path, text], index): [string, string, string] => [
      path,
      text,
      index === 0 ? `route:${route.name}` : `route-test:${route.name}`,
    ]),
  )
  const entities = state.entities.flatMap((item): [string, string, string][] => [
    [entityFile(item), renderEntity(item, state.flags.id, renamer), `entity:${item.name}`],
    [entityTestFile(item), renderEntityTest(item, renamer), `entity-test:${item.name}`],
  ])
  return [...routes, ...entities]
}

/**
 * Files without comments (JSON) have their conditions in the path: `variants/id=bigint/migrations/x.json` takes the
 * place of `migrations/x.json` where the id is a bigint.
 */
function chooseVariants(template: Template, state: State): ReadonlyMap<string, string> {
  const chosen = new Map([...template].filter(([path]) => !path.startsWith('variants/')))
  for (const [path, text] of template) {
    const [folder, condition, ...rest] = path.split('/')
    if (folder !== 'variants' || condition === undefined) continue
    if (holds(condition, state, path)) chosen.set(rest.join('/'), text)
  }
  return chosen
}

/** npm drops some dotfiles when it packs, and git heeds others here: they are stored under another name. */
function unstored(path: string): string {
  return path.replace(/(^|\/)_(gitattributes|gitignore|npmrc)$/u, '$1.$2')
}

function belongs(path: string, state: State, rules: Rules): boolean {
  const isHosts = rules.host.includes(path) && !(path in rules.existing.paths && state.app === 'existing')
  if (rules.shared.includes(path)) return hasAccounts(state) || state.app === 'created'
  return isHosts ? state.app === 'created' : hasAccounts(state) || rules.host.includes(path)
}

/** Where files go in an app that was there before. */
function movedBy(rules: Rules, template: Template, state: State): ReadonlyMap<string, string> {
  if (state.app === 'created') return new Map()
  const paths = [...template.keys()].map((path): [string, string] => [path, existingPath(path, rules)])
  return new Map(paths.filter(([path, place]) => path !== place))
}

/** A stylesheet that stands beside one of the host. */
function scope(path: string, text: string, state: State, { existing }: Rules): string {
  const frame = state.app === 'existing' ? existing.scoped[path] : undefined
  return frame === undefined ? text : scopeStyles(text, frame)
}

/** Tables that have other names stand in another order. */
function rename(text: string, path: string, renamer: Renamer): string {
  const renamed = renameText(text, path, renamer)
  return path === snapshotFile && !renamer.isIdentity ? sortTables(renamed) : renamed
}

/** What code does to a file because a directive could not. */
function shape(path: string, template: string, state: State, { features }: Rules): string {
  const joined = withoutFeatures(path, template, missingParts(features, state.features))
  const text = path === 'app/brand.ts' ? joined.replace("'Sigra App'", `'${state.appName}'`) : joined
  if (path === '.env.example') return withoutKeys(text, partsWithout(features, state.features, 'env'))
  if (path === 'mikro-orm.config.ts') return withRetired(text, state, features)
  if (path === snapshotFile) return withoutTables(text, partsWithout(features, state.features, 'tables'))
  if (isManagerFile(path)) return withVersions(text, state.version)
  return text
}

/** The same edit a host gets whose configuration is its own. @throws {TemplateInvalid} when it cannot be made. */
function withRetired(text: string, { retired }: State, features: AllParts): string {
  if (retired.length === 0) return text
  const edit = skipTables(
    text,
    partsOf(features, retired).flatMap(({ tables }) => tables),
    [],
  )
  if (edit.outcome === 'changed') return edit.text
  throw new TemplateInvalid('mikro-orm.config.ts: schemaGenerator is no plain object.')
}

function hasRetired(path: string, { retired }: State): boolean {
  return path === 'mikro-orm.config.ts' && retired.length > 0
}

function hasAccounts(state: State): boolean {
  return state.features.includes('accounts')
}

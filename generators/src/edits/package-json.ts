import { readManifest, type Manifest } from '../package-json.ts'
import type { State } from '../state.ts'
import { already, changed, manual, type EditContext, type EditResult, type HostEdit } from './edit.ts'
import { removeJson, setJson } from './json-edit.ts'

/** Scripts as React Router's own templates write them: ours take their place. Others are the host's and stay. */
const replaceable: ReadonlySet<string> = new Set([
  'react-router dev',
  'react-router build',
  'react-router-serve ./build/server/index.js',
  'cross-env NODE_ENV=production react-router-serve ./build/server/index.js',
  'tsc',
  'react-router typegen && tsc',
  'react-router typegen && tsc -b',
])

/** Packages that must have one version together: the host's, where it has one of them. */
const families: readonly { leader: string; isMember: (name: string) => boolean }[] = [
  { leader: 'react-router', isMember: (name) => name.startsWith('@react-router/') },
  { leader: '@mikro-orm/core', isMember: (name) => name.startsWith('@mikro-orm/') },
  { leader: 'react', isMember: (name) => name === 'react-dom' },
]

/** Scripts and packages an existing app has or lacks by its own choice. */
const ownChoice: ReadonlySet<string> = new Set(['lint', 'format', 'format:check', 'oxlint', 'prettier'])

/** One edit per script and per package: each is made once, and only where the host has none. */
export function packageEdits({ state, rendered, before, asked = {} }: EditContext): HostEdit[] {
  const ours = readManifest(rendered.get('package.json') ?? '{}')
  const former = readManifest(before?.get('package.json') ?? '{}')
  const past = former.scripts ?? {}
  const scripts = { ...Object.fromEntries(Object.keys(past).map((name) => [name, null])), ...ours.scripts }
  return [
    ...Object.entries(scripts)
      .filter(([name]) => state.app === 'created' || !ownChoice.has(name))
      .map(([name, command]) => ({
        ...scriptEdit(name, command, past[name]),
        isRenewed: before !== null && (past[name] ?? null) !== command,
      })),
    ...sections.flatMap((section) => [
      ...dependencyEdits(section, ours[section] ?? {}, before && (former[section] ?? {}), state),
      ...removalEdits(section, ours, former[section] ?? {}, asked),
    ]),
  ]
}

/** @param command `null`: the script is not needed any more. */
function scriptEdit(name: string, command: string | null, past: string | undefined): HostEdit {
  const snippet = command === null ? `remove "${name}"` : `"${name}": ${JSON.stringify(command)}`
  const ensure = (text: string, manifest: Manifest): EditResult => {
    const present = manifest.scripts?.[name]
    if (present === (command ?? undefined)) return already
    const isOurs = present === undefined || present === past || replaceable.has(present)
    if (!isOurs) return manual(`it has a “${name}” script of its own`, snippet)
    return finish(
      command === null ? removeJson(text, ['scripts', name]) : setJson(text, ['scripts', name], command),
      snippet,
    )
  }
  return {
    ...packageEdit(`scripts.${name}`, snippet, ensure),
    isRenewed: past !== undefined && past !== command,
  }
}

const sections = ['dependencies', 'devDependencies'] as const

/** Packages we asked for and do not need any more. At another version somebody may have reasons of their own. */
function removalEdits(
  section: (typeof sections)[number],
  ours: Manifest,
  former: Record<string, string>,
  asked: Readonly<Record<string, string>>,
): HostEdit[] {
  const wanted = { ...ours.dependencies, ...ours.devDependencies }
  const left = Object.keys(former).filter((name) => wanted[name] === undefined && asked[name] !== undefined)
  return left.map((name) => {
    const snippet = `remove "${name}" where nothing of yours uses it`
    const edit = packageEdit(`${section}.${name}`, snippet, (text, manifest) => {
      const present = manifest[section]?.[name]
      if (present === undefined) return already
      if (present !== asked[name]) return manual(`you have ${name} at a version of your own`, snippet)
      return finish(removeJson(text, [section, name]), snippet)
    })
    return { ...edit, isRenewed: true }
  })
}

function dependencyEdits(
  section: (typeof sections)[number],
  ours: Record<string, string>,
  former: Record<string, string> | null,
  state: State,
): HostEdit[] {
  const wanted = Object.entries(ours).filter(([name]) => state.app === 'created' || !ownChoice.has(name))
  return wanted.map(([name, range]) => {
    const snippet = `"${name}": "${range}"`
    const edit = packageEdit(`${section}.${name}`, snippet, (text, manifest) => {
      const present = { ...manifest.devDependencies, ...manifest.dependencies }
      if (present[name] !== undefined) return already
      const leader = families.find(({ isMember }) => isMember(name))?.leader
      return finish(setJson(text, [section, name], (leader && present[leader]) ?? range), snippet)
    })
    // It went away and comes again: that it was added once says nothing about today.
    return { ...edit, isRenewed: former !== null && former[name] === undefined }
  })
}

function packageEdit(
  id: string,
  snippet: string,
  ensure: (text: string, manifest: Manifest) => EditResult,
): HostEdit {
  return {
    paths: ['package.json'],
    id,
    ensure(text) {
      if (text === null) return manual('there is no such file', snippet)
      try {
        return ensure(text, readManifest(text))
      } catch {
        return manual('it is not valid JSON', snippet)
      }
    },
  }
}

function finish(result: string | null, snippet: string): EditResult {
  return result === null ? manual('its shape is unknown', snippet) : changed(result)
}

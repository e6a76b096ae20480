import { cp, readdir, readFile, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun } from './run.ts'
import { root } from './workspace.ts'

/** One edit of a plan, as `--json` reports it. */
export interface Edit {
  id: string
  outcome: string
  snippet?: string
}

const AUTHOR = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com']

/**
 * An app that was there before, in a repository of its own, with accounts installed into it; then what the command
 * asked to do by hand, from the folder `<host>.by-hand`.
 */
export async function prepareHost(
  program: string,
  directory: string,
  host: string,
  args: readonly string[],
): Promise<Edit[]> {
  const source = join(root, 'fixtures/hosts', host)
  await cp(source, directory, { recursive: true })
  const git = (...words: string[]) => mustRun('git', [...AUTHOR, ...words], { cwd: directory })
  await git('init', '--quiet')
  await git('add', '.')
  await git('commit', '--quiet', '--message', 'Start')

  const all = [program, '.', ...args, '--yes', '--no-install', '--json']
  const { plan } = JSON.parse(await mustRun(process.execPath, all, { cwd: directory }))
  const byHand = `${source}.by-hand`
  if (existsSync(byHand)) await cp(byHand, directory, { recursive: true })
  return plan.edits
}

/** A host with a database of its own makes the migration, and puts into it the lines that were printed for it. */
export async function makeMigration(
  directory: string,
  edits: readonly Edit[],
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const { snippet } = edits.find(({ id, outcome }) => id === 'migration' && outcome === 'manual') ?? {}
  if (snippet === undefined) return
  const [command, lines] = splitOnce(snippet, '\n')
  const [up, down] = splitOnce(lines, '// at the end of its down():')
  const [file = '', ...args] = command.split(' ')
  const folder = join(directory, 'migrations')
  const before = await readdir(folder)
  await mustRun(file, args, { cwd: directory, env })

  const made = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !before.includes(name))
  const [name = ''] = made
  if (made.length !== 1) throw new Error(`${command} made ${made.length} migrations.`)
  const text = await readFile(join(folder, name), 'utf8')
  if (text.includes('create table "notes"')) throw new Error(`${command} makes a table of the host again.`)
  const [head, tail] = splitOnce(text, '\n  }\n\n  override down')
  const [downHead, end] = splitOnce(tail, '\n  }\n')
  const whole = `${head}\n${up}\n  }\n\n  override down${downHead}\n${down}\n  }\n${end}`
  await writeFile(join(folder, name), whole)
}

function splitOnce(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator)
  if (at === -1) throw new Error(`There is no “${separator.trim()}” in:\n${text}`)
  return [text.slice(0, at), text.slice(at + separator.length)]
}

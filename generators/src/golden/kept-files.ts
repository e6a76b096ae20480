import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { lockFile } from '../lock-file.ts'
import type { Golden } from './golden-patch.ts'
import { playgroundFiles, playgroundFolder as playground } from './playground.ts'
import { writeTree, type Tree } from './tree.ts'

const repository = fileURLToPath(new URL('../../..', import.meta.url))

const goldenFolder = join(repository, 'fixtures', 'golden')

/** The playground as git would commit it: no dependencies, no builds. */
export async function readPlayground(): Promise<Tree> {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z', '--', '.']
  const paths = execFileSync('git', args, { cwd: playground, encoding: 'utf8' }).split('\0')
  const there = paths.filter((path) => path !== '' && existsSync(join(playground, path)))
  const texts = there.sort().map(async (path): Promise<[string, string]> => {
    return [path, await readFile(join(playground, path), 'utf8')]
  })
  return new Map(await Promise.all(texts))
}

/** Names of all files that are kept as goldens. */
export async function listGoldens(): Promise<string[]> {
  return (await readdir(goldenFolder, { recursive: true })).sort()
}

export async function readGolden(name: string): Promise<Golden> {
  const [patch, paths] = await Promise.all([
    readFile(join(goldenFolder, `${name}.patch`), 'utf8'),
    readFile(join(goldenFolder, `${name}.paths.txt`), 'utf8'),
  ])
  return { patch, paths }
}

/** Writes the playground in place of what was generated there before. Its own files stay. */
export async function writePlayground(tree: Tree): Promise<void> {
  const former = (await formerPaths()).filter((path) => !playgroundFiles.includes(path))
  for (const path of former) await rm(join(playground, path), { force: true })
  await writeTree(playground, tree)
}

/** Writes the goldens in place of all that are there. */
export async function writeGoldens(goldens: ReadonlyMap<string, Golden>): Promise<void> {
  await rm(goldenFolder, { recursive: true, force: true })
  for (const [name, { patch, paths }] of goldens)
    await writeTree(
      goldenFolder,
      new Map([
        [`${name}.patch`, patch],
        [`${name}.paths.txt`, paths],
      ]),
    )
}

async function formerPaths(): Promise<string[]> {
  const text = await readFile(join(playground, lockFile), 'utf8').catch(() => '{}')
  const lock: unknown = JSON.parse(text)
  const files = typeof lock === 'object' && lock !== null && 'files' in lock ? lock.files : null
  return typeof files === 'object' && files !== null ? Object.keys(files) : []
}

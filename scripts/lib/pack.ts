import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Say } from './say.ts'
import { mustRun } from './run.ts'
import { packages, root } from './workspace.ts'

/** Packs all packages; `build` first. @returns Package name → absolute path of its tarball. */
export async function pack(folder: string, say: Say): Promise<Map<string, string>> {
  say(`Packing into ${folder}`)
  await mkdir(folder, { recursive: true })
  const args = ['pack', '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder]
  const output = await mustRun('npm', [...args, ...packages.flatMap(({ name }) => ['--workspace', name])], {
    cwd: root,
  })
  const answer: Record<string, { name: string; filename: string }> = JSON.parse(
    output.slice(output.search(/^[[{]/m)),
  )
  return new Map(
    Object.values(answer).map(({ name, filename }) => [
      name,
      join(folder, filename.replace('@', '').replace('/', '-')),
    ]),
  )
}

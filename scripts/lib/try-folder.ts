import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { makeTemporaryFolder } from './packed.ts'

/** Where `npm run try` works. */
export interface TryFolder {
  app: string
  packages: string
  create: string
  /**
   * Removes what was made along the way, and an app nobody asked to keep. At once, so that it can be the last thing
   * a process does.
   *
   * @param isWanted The app was only made, for somebody to start it.
   * @returns Whether there is an app left in the temporary folder.
   */
  tidyUp(isWanted: boolean): boolean
}

/**
 * Where `npm run try` works, and what is to be left of it.
 *
 * @param chosen The app's folder; without one it is made beside the rest.
 */
export async function makeTryFolder(chosen: string | undefined): Promise<TryFolder> {
  const scratch = await makeTemporaryFolder('sigra-try-')
  const app = chosen === undefined ? join(scratch, 'my-app') : resolve(chosen)
  return {
    app,
    packages: join(scratch, 'packages'),
    create: join(scratch, 'create'),
    tidyUp(isWanted) {
      const isKept = chosen === undefined && (isWanted || isChanged(app))
      for (const path of isKept ? [join(scratch, 'packages'), join(scratch, 'create')] : [scratch])
        rmSync(path, { recursive: true, force: true, maxRetries: 3 })
      return isKept
    },
  }
}

/** Somebody who tries things out may have written something: what differs from the first commit is theirs. */
function isChanged(app: string): boolean {
  const git = (...args: string[]) => spawnSync('git', args, { cwd: app, encoding: 'utf8' }).stdout?.trim()
  if (git('rev-parse', '--show-prefix') !== '') return false // no folder, or no repository of its own yet
  return git('rev-list', '--count', 'HEAD') !== '1' || git('status', '--porcelain') !== ''
}

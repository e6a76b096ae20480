import { spawnSync } from 'node:child_process'
import { lstatSync } from 'node:fs'
import { chmod, copyFile, cp, mkdir, readdir, readFile, readlink, symlink } from 'node:fs/promises'
import { delimiter, dirname, join } from 'node:path'
import { hasCode } from './failure.ts'
import { mustRun, withoutNpm } from './run.ts'
import { root } from './workspace.ts'

export interface OrdinaryUser {
  uid: number
  gid: number
  isSelf: boolean
}

/** Where somebody runs something, and as whom. */
export interface Clone {
  cwd: string
  env: NodeJS.ProcessEnv
  identity: { uid?: number; gid?: number }
}

/** Somebody who is not root: oneself, or else the machine's `nobody`; or why there is nobody. */
export async function findOrdinaryUser(): Promise<OrdinaryUser | { reason: string }> {
  const uid = process.getuid?.()
  if (uid === undefined) return { reason: 'which this system does not know' }
  if (uid !== 0) return { uid, gid: process.getgid?.() ?? uid, isSelf: true }
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const [, id, group] = /^nobody:[^:]*:(\d+):(\d+):/m.exec(users) ?? []
  if (id === undefined) return { reason: 'because this machine has no user “nobody”' }

  const user = { uid: Number(id), gid: Number(group), isSelf: false }
  const canRead = spawnSync('test', ['-r', join(root, 'node_modules/.package-lock.json')], user).status === 0
  if (!canRead) return { reason: `who cannot read ${root}: a folder above it is closed to others` }
  const hasNpm = spawnSync('sh', ['-c', 'test -r "$(command -v npm)"'], user).status === 0
  return hasNpm ? user : { reason: 'who cannot reach npm on this machine' }
}

/**
 * A clone of this repository, as it is on disk, without what is built. What is installed is shared, so that nothing has to
 * be installed again.
 *
 * @param user Whom it belongs to, with a home and a Node of their own. @default whoever makes it
 */
export async function makeClone(place: string, user?: OrdinaryUser): Promise<Clone> {
  const cwd = join(place, 'clone')
  await mkdir(cwd, { recursive: true })
  await copyCommitted(cwd)
  for (const folder of await workspaceFolders()) {
    const installed = join(folder, 'node_modules')
    await shareInstalled(join(root, installed), join(cwd, installed))
  }
  if (!user) return { cwd, env: process.env, identity: {} }
  const { uid, gid } = user
  for (const folder of ['bin', 'home']) await mkdir(join(place, folder))
  await copyFile(process.execPath, join(place, 'bin/node')) // root's own may be where nobody else looks
  await chmod(join(place, 'bin/node'), 0o755)
  await mustRun('chown', ['-R', '--no-dereference', `${uid}:${gid}`, place])
  const env = {
    ...withoutNpm(process.env),
    PATH: [join(place, 'bin'), process.env.PATH].join(delimiter),
    HOME: join(place, 'home'),
  }
  return { cwd, env, identity: { uid, gid } }
}

async function copyCommitted(target: string): Promise<void> {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z']
  const paths = (await mustRun('git', args, { cwd: root })).split('\0').filter((path) => path !== '')
  for (const path of paths) {
    await mkdir(dirname(join(target, path)), { recursive: true })
    await cp(join(root, path), join(target, path), {
      verbatimSymlinks: true,
      preserveTimestamps: true,
    }).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT')) throw error // removed and not committed, or a test's own that is gone by now
    })
  }
}

async function workspaceFolders(): Promise<string[]> {
  const paths = (await mustRun('git', ['ls-files', '**/package.json', 'package.json'], { cwd: root })).split(
    '\n',
  )
  const folders = paths.filter((path) => path !== '' && !path.startsWith('fixtures/')).map(dirname)
  return folders.filter((folder) => lstatSync(join(root, folder, 'node_modules'), { throwIfNoEntry: false }))
}

/** A folder of links: to what is installed, and to the clone's own packages where this repository links its own. */
async function shareInstalled(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true })
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isSymbolicLink()) await symlink(await readlink(source), target)
    else if (entry.name === '.bin' || entry.name === '@sigra') await shareInstalled(source, target)
    else if (entry.isFile()) await cp(source, target, { preserveTimestamps: true })
    else await symlink(source, target)
  }
}

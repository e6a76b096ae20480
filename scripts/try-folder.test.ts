import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeTryFolder } from './lib/try-folder.ts'

let chosen: string

beforeEach(async () => {
  chosen = join(await mkdtemp(join(tmpdir(), 'sigra-chosen-')), 'app')
})
afterEach(() => rm(dirname(chosen), { recursive: true, force: true }))

/** A folder as `npm run try` leaves it when the app has ended. */
async function makeTried(app?: string) {
  const folder = await makeTryFolder(app)
  for (const path of [folder.packages, folder.create, folder.app]) await mkdir(path, { recursive: true })
  const git = (...args: string[]) => execFileSync('git', args, { cwd: folder.app })
  await writeFile(join(folder.app, 'home.tsx'), 'first\n')
  git('init', '--quiet')
  git('add', '.')
  git('-c', 'user.name=T', '-c', 'user.email=t@example.com', 'commit', '--quiet', '-m', 'Start')
  return { ...folder, scratch: dirname(folder.packages) }
}

describe('after npm run try', () => {
  it('nothing is left of an app that nobody changed', async () => {
    const tried = await makeTried()
    expect(tried.tidyUp(false)).toBe(false)
    expect(existsSync(tried.scratch)).toBe(false)
  })

  it('nothing is left of a run that never came to an app', async () => {
    const folder = await makeTryFolder(undefined)
    expect(folder.tidyUp(false)).toBe(false)
    expect(existsSync(dirname(folder.packages))).toBe(false)
  })

  it('what somebody wrote into the app is left', async () => {
    const tried = await makeTried()
    await writeFile(join(tried.app, 'home.tsx'), 'mine\n')
    expect(tried.tidyUp(false)).toBe(true)
    expect(await readdir(tried.scratch)).toEqual(['my-app'])
    await rm(tried.scratch, { recursive: true })
  })

  it('the app is left where it was only made', async () => {
    const tried = await makeTried()
    expect(tried.tidyUp(true)).toBe(true)
    expect(await readdir(tried.scratch)).toEqual(['my-app'])
    await rm(tried.scratch, { recursive: true })
  })

  it('an app in a chosen folder is left, and nothing else', async () => {
    const tried = await makeTried(chosen)
    expect(tried.tidyUp(false)).toBe(false)
    expect(existsSync(tried.scratch)).toBe(false)
    expect(await readdir(chosen)).toContain('home.tsx')
  })
})

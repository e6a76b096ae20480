import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const source = join(import.meta.dirname, '..')

async function importersOf(module: string, name: string): Promise<string[]> {
  const paths = (await readdir(source, { recursive: true })).filter((path) => /(?<!\.test)\.ts$/.test(path))
  const texts = await Promise.all(
    paths.map(async (path) => [path, await readFile(join(source, path), 'utf8')] as const),
  )
  const imports = new RegExp(`import[^;]*?\\b${name}\\b[^;]*?from '[^']*${module}'`)
  return texts
    .filter(([, text]) => imports.test(text))
    .map(([path]) => path)
    .sort()
}

async function filesWith(pattern: RegExp): Promise<string[]> {
  const paths = (await readdir(source, { recursive: true })).filter((path) => /(?<!\.test)\.ts$/.test(path))
  const texts = await Promise.all(
    paths.map(async (path) => [path, await readFile(join(source, path), 'utf8')] as const),
  )
  return texts.filter(([, text]) => pattern.test(text)).map(([path]) => path)
}

describe('the door', () => {
  it('is passed by these flows and no other', async () => {
    expect(await importersOf('complete-sign-in.ts', 'completeSignIn')).toEqual(['log-in/log-in-user.ts'])
  })

  it('gets its proofs from the flows that verify them and no other', async () => {
    expect(await importersOf('proof.ts', 'provePassword')).toEqual(['log-in/log-in-user.ts'])
  })

  it('is the only one that writes a session, makes a session token or hands one to the browser', async () => {
    expect(await importersOf('insert-session.ts', 'insertSession')).toEqual(['door/complete-sign-in.ts'])
    expect(await filesWith(/insert into \$\{[^}]*userSession/)).toEqual(['door/insert-session.ts'])
    expect(await filesWith(/\bcreateSessionToken\(/)).toEqual(['door/complete-sign-in.ts'])
    expect(await filesWith(/effects\.setSession\(/)).toEqual(['door/complete-sign-in.ts'])
  })

  it('is not for sale: the package exports neither door nor proof', async () => {
    const entry = await readFile(join(source, 'index.ts'), 'utf8')
    expect(entry).not.toMatch(/\.\/door\//)
  })
})

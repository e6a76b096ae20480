import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const packageRoot = fileURLToPath(new URL('../', import.meta.url))

// Inside the package, or the build would not find hash-wasm; where no linter or formatter looks.
let outDir = ''
beforeAll(async () => {
  const ignored = join(packageRoot, 'node_modules')
  await mkdir(ignored, { recursive: true })
  outDir = await mkdtemp(join(ignored, '.built-'))
  const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
  await run(process.execPath, [compiler, '-p', join(packageRoot, 'tsconfig.build.json'), '--outDir', outDir])
}, 60_000)
afterAll(() => rm(outDir, { recursive: true, force: true }))

/** Hashes with hash-wasm in a plain Node process, and tells how often its event loop came round meanwhile. */
async function hashIn(directory: string, extension: 'js' | 'ts'): Promise<unknown> {
  const thread = JSON.stringify(pathToFileURL(join(directory, `hash-thread.${extension}`)).href)
  const script = `
    const { createHashThread } = await import(${thread})
    let ticks = 0
    setInterval(() => ticks++, 1).unref()
    const input = { password: 'secret', salt: new Uint8Array(16), memoryKib: 65536, passes: 1, parallelism: 1, hashBytes: 32 }
    const hash = await createHashThread().run({ kind: 'argon2id', input })
    console.log(JSON.stringify({ bytes: hash.length, isFree: ticks > 3 }))`
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script])
  return JSON.parse(stdout)
}

describe('the hash thread in a plain Node process', () => {
  it('starts from source, and lets the process end although it is never closed', async () => {
    expect(await hashIn(fileURLToPath(new URL('./', import.meta.url)), 'ts')).toEqual({
      bytes: 32,
      isFree: true,
    })
  })

  it('starts from the built package', async () => {
    expect(await hashIn(outDir, 'js')).toEqual({ bytes: 32, isFree: true })
  })

  it('does without its file where a bundler left it behind: slower for everyone, but right', async () => {
    await rm(join(outDir, 'hash-worker.js'))
    expect(await hashIn(outDir, 'js')).toMatchObject({ bytes: 32 })
  })
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { EXIT } from '@sigra/generators/command-line'
import { loadHostWorker } from './host-worker.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sigra-bare-app-'))
  await writeFile(join(root, 'package.json'), '{}')
})
afterAll(() => rm(root, { recursive: true, force: true }))

it('says in one sentence that the worker package of an app is not installed, and what to do', async () => {
  await expect(loadHostWorker(root)).rejects.toMatchObject({
    exitCode: EXIT.precondition,
    message: expect.stringMatching(/^@sigra\/worker is not installed in .*npm install/),
  })
})

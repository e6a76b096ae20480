import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { planSmall } from '../testing-only/plan-small.ts'
import { createFolder, smallState, writeTexts } from '../testing-only/small-app.ts'
import { applyPlan } from './apply-plan.ts'

/** A Prettier that counts what it formats. */
const counting = `const { appendFileSync, readFileSync } = require('node:fs')
const root = __dirname + '/../../'
exports.getFileInfo = async () => ({ ignored: false, inferredParser: 'typescript' })
exports.resolveConfig = async () => JSON.parse(readFileSync(root + '.prettierrc.json', 'utf8'))
exports.format = async (text, { filepath }) => {
  appendFileSync(root + 'asked.txt', filepath + '\\n')
  return text.endsWith('\\n') ? text : text + '\\n'
}
`

const [full, without] = [smallState(), smallState({ features: ['accounts'] })]

async function createApp(): Promise<string> {
  const root = join(await createFolder(), 'app')
  await applyPlan(await planSmall(root, null, full))
  await writeTexts(root, {
    'node_modules/prettier/package.json': '{ "name": "prettier", "main": "index.js" }',
    'node_modules/prettier/index.js': counting,
  })
  return root
}

/** How often each file is formatted while passkeys leave. */
async function countFormats(root: string): Promise<Map<string, number>> {
  await planSmall(root, full, without, { decide: () => 'merge' })
  const log = await readFile(join(root, 'asked.txt'), 'utf8').catch(() => '')
  const counts = new Map<string, number>()
  for (const path of log.split('\n').filter((line) => line !== ''))
    counts.set(path.slice(root.length + 1), (counts.get(path.slice(root.length + 1)) ?? 0) + 1)
  return counts
}

// What a plan costs is what is formatted: a second of Prettier is some forty files.
describe('a plan', () => {
  it('formats nothing where nobody edited anything, and the style is the one that was generated', async () => {
    expect(await countFormats(await createApp())).toEqual(new Map())
  })

  it('formats each file once where the style is another one', async () => {
    const root = await createApp()
    await writeFile(join(root, '.prettierrc.json'), '{ "semi": true }\n')
    const counts = await countFormats(root)
    counts.delete('.prettierrc.json') // an edit itself
    expect(Math.max(...counts.values())).toBe(1)
  })

  it('formats an edited file once for each of its texts, and leaves others alone', async () => {
    const root = await createApp()
    const edited = ['app/sigra.routes.ts', 'app/accounts/entities/index.ts']
    for (const path of edited)
      await writeFile(
        join(root, path),
        `${await readFile(join(root, path), 'utf8')}\nexport const mine = 1\n`,
      )
    const counts = await countFormats(root)
    expect([...counts.keys()].sort()).toEqual(edited.sort())
    // The owner's text, and what it and the base become entry by entry; base and target are in the style already.
    expect(Math.max(...counts.values())).toBeLessThanOrEqual(3)
    await rm(join(root, 'asked.txt'))
  })
})

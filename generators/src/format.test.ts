import { join } from 'node:path'
import type { Options } from 'prettier'
import { describe, expect, it } from 'vitest'
import { createFormatter } from './format.ts'
import { createFolder, readTexts, writeTexts } from './testing-only/small-app.ts'

/** A Prettier that writes down what it is asked for. */
const counting = `const { appendFileSync } = require('node:fs')
exports.getFileInfo = async () => ({ ignored: false, inferredParser: 'typescript' })
exports.resolveConfig = async () => ({})
exports.format = async (text, { filepath }) => {
  appendFileSync(__dirname + '/asked.txt', filepath + '\\n')
  return text.toUpperCase()
}
`

describe('createFormatter', () => {
  it('formats each text of a file once, however often it is compared', async () => {
    const root = await createFolder()
    await writeTexts(root, {
      'package.json': '{}',
      'node_modules/prettier/package.json': '{ "name": "prettier", "main": "index.js" }',
      'node_modules/prettier/index.js': counting,
    })
    const format = createFormatter(root, null)
    const asked = ['a', 'a', 'b', 'a', 'b'].map((text) => format('app/x.ts', text))
    expect(await Promise.all([...asked, format('app/y.ts', 'a')])).toEqual(['A', 'A', 'B', 'A', 'B', 'A'])
    const log = (await readTexts(root)).get('node_modules/prettier/asked.txt') ?? ''
    expect(log.trim().split('\n').sort()).toEqual(
      ['app/x.ts', 'app/x.ts', 'app/y.ts'].map((path) => join(root, path)),
    )
  })

  it('leaves alone what is in the style of the host already, and nothing else', async () => {
    const root = await createFolder()
    await writeTexts(root, { '.prettierrc.json': '{ "semi": false }\n' })
    const format = createFormatter(root, null, { style: { semi: false }, texts: new Set(['a  =  1']) })
    expect(await format('app/x.ts', 'a  =  1')).toBe('a  =  1')
    expect(await format('app/x.ts', 'b  =  1')).toBe('b = 1\n')
    await writeTexts(root, { 'other/.prettierrc.json': '{ "semi": true }\n' })
    expect(await format('other/x.ts', 'a  =  1')).toBe('a = 1;\n')
  })

  it('formats a text once for all plans of a process, and anew where anything else may come of it', async () => {
    const root = await createFolder()
    await writeTexts(root, {
      'package.json': '{}',
      'node_modules/prettier/package.json': '{ "name": "prettier", "main": "index.js" }',
      'node_modules/prettier/index.js': counting.replace('=> ({})', '=> null'),
    })
    const asksFor = async (path: string, style: Options) => {
      await writeTexts(root, { 'node_modules/prettier/asked.txt': '' })
      expect(await createFormatter(root, style)(path, 'a')).toBe('A')
      return (await readTexts(root)).get('node_modules/prettier/asked.txt') !== ''
    }
    expect(await asksFor('app/x.ts', {})).toBe(true)
    expect(await asksFor('app/x.ts', {})).toBe(false)
    expect(await asksFor('app/x.ts', { semi: false })).toBe(true)
    expect(await asksFor('app/x.json', {})).toBe(true)
    // A plugin may look at more than the text.
    expect(await asksFor('app/x.ts', { plugins: ['classes'] })).toBe(true)
    expect(await asksFor('app/x.ts', { plugins: ['classes'] })).toBe(true)
  })
})

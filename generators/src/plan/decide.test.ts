import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { format } from 'prettier'
import { noFormatter, type Formatter } from '../format.ts'
import { decideFile } from './decide.ts'

const prettier: Formatter = (path, text) => format(text, { filepath: path, semi: false, singleQuote: true })
const decide = (base: string | null, disk: string | null, target: string | null, formatter = noFormatter) =>
  decideFile('app/x.ts', { base, disk, target }, formatter, false)

const one = 'const a = 1\n\nconst b = 2\n\nconst c = 3\n'
const edited = one.replace('a = 1', 'a = 10')
const moved = one.replace('c = 3', 'c = 30')

describe('decideFile', () => {
  it.each([
    ['creates what is new', null, null, one, 'create', one],
    ['adopts what is there word for word', null, one, one, 'adopt', one],
    ['writes over what nobody edited', one, one, moved, 'write', moved],
    ['leaves an edit alone when nothing moved', one, edited, one, 'keep', edited],
    ['advances when somebody made the same change', one, moved, moved, 'advance', moved],
    ['leaves deleted what was deleted', one, null, one, 'stay-deleted', null],
    ['deletes what is no longer generated', one, one, null, 'delete', null],
    ['detaches an edited file that is no longer generated', one, edited, null, 'detach', edited],
  ])('%s', async (_sentence, base, disk, target, action, after) => {
    expect(await decide(base, disk, target)).toMatchObject({ action, after })
  })

  it('merges edits that do not touch', async () => {
    const verdict = await decide(one, edited, moved)
    expect(verdict).toEqual({ action: 'merge', after: 'const a = 10\n\nconst b = 2\n\nconst c = 30\n' })
  })

  it('says so when an import goes that is still used beside what it was for', async () => {
    const [kept, gone] = ["import { b } from './b.ts'\n", "import { a } from './a.ts'\n"]
    const base = `${gone}${kept}\nexport const all = [a, b]\n`
    const disk = `${base}\nexport const mine = a.length\n`
    const target = `${kept}\nexport const all = [b]\n`
    const verdict = await decide(base, disk, target)
    expect(verdict).toMatchObject({
      action: 'conflict',
      reason: 'you use a, whose import goes',
      replacement: target,
    })
    expect(await decide(base, disk.replace('a.length', 'b.length'), target)).toMatchObject({
      action: 'merge',
    })
  })

  it('says so when a deleted file would have changed', async () => {
    expect(await decide(one, null, moved)).toMatchObject({ action: 'stay-deleted', reason: /changed/u })
  })

  it('never writes over a file that was not generated', async () => {
    expect(await decide(null, 'mine\n', one)).toMatchObject({ action: 'conflict', replacement: one })
  })

  it('marks both texts in zdiff3 style when the same line changed', async () => {
    const verdict = await decide(one, edited, one.replace('a = 1', 'a = 2'))
    expect(verdict).toMatchObject({
      action: 'conflict',
      withMarkers: `<<<<<<< yours
const a = 10
||||||| generated before
const a = 1
=======
const a = 2
>>>>>>> generated now

const b = 2

const c = 3
`,
    })
  })

  it('takes a merge that does not parse for a conflict', async () => {
    const base = 'call(\n  1,\n\n  2,\n)\n'
    const disk = 'const x = 1\n\n  2\n'
    const target = 'call(\n  1,\n\n  2,\n  3,\n)\n'
    const verdict = await decide(base, disk, target)
    expect(verdict.action).toBe('conflict')
  })

  it('merges imports that the owner sorted, and still finds an edit of the same lines', async () => {
    const imports = (...names: string[]) =>
      names.map((name) => `import { ${name} } from './${name}'\n`).join('')
    const [base, target] = [`${imports('b', 'a', 'c')}\nrun(1)\n`, `${imports('b', 'a')}\nrun(2)\n`]
    const sorted = `${imports('a', 'b', 'c')}\nrun(1)\n`
    const both = `${imports('a', 'b', 'c')}\nrun(3)\n`
    expect(await decide(base, sorted, target)).toEqual({
      action: 'merge',
      after: `${imports('a', 'b')}\nrun(2)\n`,
    })
    expect(await decide(base, both, target)).toMatchObject({ action: 'conflict' })
  })

  it('does not take the style of the host for an edit', async () => {
    const styled = 'const a = "1";\n'
    const verdict = await decide("const a = '1'\n", styled, "const a = '2'\n", prettier)
    expect(verdict).toEqual({ action: 'write', after: "const a = '2'\n" })
  })

  it('keeps CRLF where a file has it', async () => {
    const crlf = one.replaceAll('\n', '\r\n')
    expect(await decide(one, crlf, moved)).toEqual({ action: 'write', after: moved.replaceAll('\n', '\r\n') })
    const editedCrlf = edited.replaceAll('\n', '\r\n')
    expect(await decide(one, editedCrlf, moved)).toMatchObject({ action: 'merge', after: /\r\n/u })
  })

  it('loses no line that somebody wrote, whatever they edited', async () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 12 })
    const own = fc.array(fc.tuple(fc.nat(12), fc.stringMatching(/^mine-[0-9]{3}$/u)), {
      minLength: 1,
      maxLength: 4,
    })
    await fc.assert(
      fc.asyncProperty(lines, own, lines, async (base, inserted, target) => {
        const disk = inserted.reduce<string[]>((text, [at, line]) => text.toSpliced(at, 0, line), [...base])
        const text = (list: readonly string[]) => `${list.join('\n')}\n`
        const verdict = await decideFile(
          'notes.md',
          { base: text(base), disk: text(disk), target: text(target) },
          noFormatter,
          false,
        )
        const kept = verdict.action === 'conflict' ? verdict.withMarkers : (verdict.after ?? '')
        for (const [, line] of inserted) expect(kept.split('\n')).toContain(line)
      }),
    )
  })
})

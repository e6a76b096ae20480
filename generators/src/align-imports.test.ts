import { describe, expect, it } from 'vitest'
import { alignImports } from './align-imports.ts'

const a = "import { a } from './a'"
const b = "import { b } from './b'"
const c = "import {\n  c,\n} from './c'"
const d = "import { d } from './d'"
const module = (...imports: string[]) => `${[...imports, '', 'run()'].join('\n')}\n`
const align = (text: string, base: string, target: string) => alignImports('m.ts', text, base, target)

describe('alignImports', () => {
  it('takes out what the new version dropped, wherever the owner moved it', () => {
    expect(align(module(c, b, a), module(a, b, c), module(a, c))).toBe(module(c, a))
  })

  it('puts what came before the import that it stands before', () => {
    expect(align(module(d, b, a), module(a, b, d), module(a, b, c, d))).toBe(module(c, d, b, a))
  })

  it('puts what came last after the last import', () => {
    expect(align(module(b, a), module(a, b), module(a, b, c))).toBe(module(b, a, c))
  })

  it('changes an import in its place', () => {
    expect(align(module(b, c, a), module(a, b, c), module(a, d, c))).toBe(module(d, c, a))
  })

  it('leaves alone what the owner added, changed or has already', () => {
    const own = "import { own } from 'own'"
    const changed = "import { b, more } from './b'"
    expect(align(module(own, changed, a, d), module(a, b), module(a, d))).toBe(module(own, changed, a, d))
  })

  it('gives up on an import that the owner took out or renamed, and the new version changed', () => {
    const more = "import { b, more } from './b'"
    expect(align(module(a, c), module(a, b, c), module(a, more, c))).toBeNull()
    expect(align(module(a, "import { b as mine } from './b'"), module(a, b), module(a, more))).toBeNull()
  })

  it('gives up where a comment or a directive belongs to one place', () => {
    const ignored = `// @ts-ignore: no types yet\n${b}`
    expect(align(module(a, ignored), module(a, b), module(a, c, b))).toBeNull()
    expect(align(module(a, ignored), module(a, b), module(a))).toBeNull()
    expect(align("'use client'\nrun()\n", module(a), module(a, b))).toBeNull()
  })

  it('gives up on imports that are there for what they do', () => {
    const [first, second] = ["import './one.css'", "import './two.css'"]
    expect(align(module(b, first, a), module(a, b, first), module(a, b, first, second))).toBeNull()
  })

  it('gives up where an import shares its line, or a text does not parse', () => {
    expect(align(module(`${a}; ${b}`), module(a, b), module(a))).toBeNull()
    expect(align(module(`${a} // mine`, b), module(a, b), module(a))).toBeNull()
    expect(align(module(a, b), module(a, b), 'import {')).toBeNull()
  })
})

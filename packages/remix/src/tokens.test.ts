import { describe, expect, it } from 'vitest'
import { readTokens } from './tokens.ts'

const tokens = readTokens(`
@layer base {
  :root {
    /* --brand: blue; */
    --hue: 168;
    --brand: light-dark(oklch(0.43 0.085 var(--hue)), oklch(0.8 0.11 var(--hue)));
    --accent: var(--brand);
    --plain: light-dark(#fff, rgb(0 0 0 / 50%));
    --font:
      ui-sans-serif,
      sans-serif;
    --radius: 0.625rem;
    --mixed: color-mix(in oklch, red, blue);
    --loop: var(--loop);
  }
}
.dark { --brand: red }`)

describe('readTokens', () => {
  it('gives the colours that a browser would show, in light and dark', () => {
    expect([tokens.light('--brand'), tokens.dark('--brand')]).toEqual(['#065e47', '#6fd5b0'])
    expect(tokens.dark('--accent')).toBe('#6fd5b0')
    expect(readTokens(':root { --a: oklch(100% 0 0) }').light('--a')).toBe('#ffffff')
    expect(readTokens(':root { --a: oklch(0.628 0.2577 29.23) }').light('--a')).toBe('#ff0000')
  })

  it('measures in pixels', () => {
    expect(tokens.light('--radius')).toBe('10px')
  })

  it('leaves other literals as they are', () => {
    expect([tokens.light('--plain'), tokens.dark('--plain')]).toEqual(['#fff', 'rgb(0 0 0 / 50%)'])
    expect(tokens.light('--font')).toBe('ui-sans-serif, sans-serif')
  })

  it.each([
    ['--nothing', 'The stylesheet has no --nothing'],
    ['--loop', 'refers to itself'],
    ['--mixed', '--mixed uses color-mix(), which mail clients do not know'],
  ] as const)('says what is wrong with %s', (name, sentence) => {
    expect(() => tokens.light(name)).toThrow(sentence)
  })
})

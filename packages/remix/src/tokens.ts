import { ConfigInvalid } from '@sigra/core'

/** The custom properties of a stylesheet as literal values, for what knows neither `var()` nor `oklch()`. */
export interface Tokens {
  /** @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when there is none, or mail clients could not read it. */
  light(name: `--${string}`): string
  /** Of a `light-dark()` the second value. @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID`, as `light` does. */
  dark(name: `--${string}`): string
}

const LITERAL = /^(?:rgba?|hsla?|hwb|clamp|min|max|calc)$/
const MOST_REFERENCES = 32 // deeper, a property refers to itself

/**
 * Reads the tokens of a stylesheet, so that mails and the favicon have the colours of the pages. The first declaration
 * of a name counts. Understands `var()`, `light-dark()` and `oklch()` of plain numbers, and makes pixels of `rem`; other
 * literals stay as they are.
 */
export function readTokens(stylesheet: string): Tokens {
  const declared = new Map<string, string>()
  const text = stylesheet.replaceAll(/\/\*[^]*?\*\//g, '')
  for (const [, name = '', value = ''] of text.matchAll(/(--[\w-]+)\s*:\s*([^;{}]+)[;}]/g)) {
    if (!declared.has(name)) declared.set(name, value.trim().replaceAll(/\s+/g, ' '))
  }
  const read = (name: string, isDark: boolean, depth: number): string => {
    const value = declared.get(name)
    if (value === undefined) throw new ConfigInvalid(`The stylesheet has no ${name}`)
    if (depth > MOST_REFERENCES) throw new ConfigInvalid(`${name} of the stylesheet refers to itself`)
    const full = value.replaceAll(/var\((--[\w-]+)\)/g, (_, other) => read(other, isDark, depth + 1))
    return literal(name, chosen(full, isDark))
  }
  return { light: (name) => read(name, false, 0), dark: (name) => read(name, true, 0) }
}

/** One side of `light-dark(…, …)`. */
function chosen(value: string, isDark: boolean): string {
  const inside = /^light-dark\((.*)\)$/.exec(value)?.[1]
  if (inside === undefined) return value
  const comma = topLevelComma(inside)
  return (isDark ? inside.slice(comma + 1) : inside.slice(0, comma)).trim()
}

function topLevelComma(text: string): number {
  let depth = 0
  for (const [index, character] of [...text].entries()) {
    if (character === '(') depth += 1
    else if (character === ')') depth -= 1
    else if (character === ',' && depth === 0) return index
  }
  return text.length
}

function literal(name: string, value: string): string {
  const colour = /^oklch\(([\d.]+)(%?) ([\d.]+) ([\d.]+)\)$/.exec(value)
  if (colour !== null) {
    const [lightness, chroma, hue] = [colour[1], colour[3], colour[4]].map(Number)
    return hexOf((lightness ?? 0) / (colour[2] === '%' ? 100 : 1), chroma ?? 0, hue ?? 0)
  }
  const rem = /^([\d.]+)rem$/.exec(value)?.[1]
  if (rem !== undefined) return `${Number(rem) * 16}px`
  const other = value.match(/[a-z][\w-]*(?=\()/g)?.find((word) => !LITERAL.test(word))
  if (other !== undefined) {
    throw new ConfigInvalid(`${name} uses ${other}(), which mail clients do not know: write the value out`)
  }
  return value
}

/** OKLCH to sRGB, clipped as browsers do (CSS Color 4, §10.2 and https://bottosson.github.io/posts/oklab). */
function hexOf(lightness: number, chroma: number, hue: number): string {
  const a = chroma * Math.cos((hue * Math.PI) / 180)
  const b = chroma * Math.sin((hue * Math.PI) / 180)
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]
  return `#${linear.map((channel) => byteOf(channel).toString(16).padStart(2, '0')).join('')}`
}

function byteOf(linear: number): number {
  const encoded = linear <= 0.0031308 ? linear * 12.92 : 1.055 * linear ** (1 / 2.4) - 0.055
  return Math.round(Math.min(1, Math.max(0, encoded)) * 255)
}

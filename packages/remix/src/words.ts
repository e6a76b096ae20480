import { isDevelopment, tellOnce, warn } from './words/development.ts'

export { preferredLanguage } from './words/preferred-language.ts'
export {
  type AccountRefusal,
  type FieldReason,
  type FormError,
  type FormReason,
  say,
  type SentencesFor,
} from './words/say.ts'

/** Words of a further language: what it lacks is said in the first one. A function or a list is whole or not there. */
export type PartialWords<Words> = {
  [Key in keyof Words]?: Words[Key] extends readonly unknown[] | ((...values: never[]) => unknown)
    ? Words[Key]
    : Words[Key] extends object
      ? PartialWords<Words[Key]>
      : Words[Key]
}

/** What to write in, and by what rules: for `lang`, dates and numbers. */
export interface ChosenWords<Words> {
  locale: string
  words: Words
}

/** The first language has every sentence; others may lack some. */
export interface Languages<Words> {
  first: string
  words: Words
  others?: Readonly<Record<string, PartialWords<Words>>>
  /** Who is told in development what a language lacks. @default a warning of the process */
  tell?: (sentence: string) => void
}

/**
 * Words by language tag: `de-AT` is answered by `de-AT`, else by `de`, else by the first language. In development it is
 * told once what is missing; production says it in the first language and is silent.
 */
export function createWords<Words extends object>({
  first,
  words,
  others = {},
  tell = warn,
}: Languages<Words>): (locale: string) => ChosenWords<Words> {
  const known = new Map(Object.entries(others).map(([tag, own]) => [tag.toLowerCase(), complete(words, own)]))
  if (isDevelopment()) {
    for (const [tag, own] of Object.entries(others)) {
      const missing = findMissing(words, own)
      if (missing.length > 0)
        tell(`The words of "${tag}" lack ${missing.join(', ')}: they are said in "${first}"`)
    }
  }
  const told = new Set<string>()
  return (locale) => {
    const own = tagsOf(locale).find((tag) => known.has(tag) || tag === first.toLowerCase())
    const chosen = own === undefined ? undefined : known.get(own)
    if (chosen) return { locale, words: chosen }
    if (own !== undefined) return { locale, words }
    tellOnce(told, `There are no words in "${locale}": they are said in "${first}"`, tell)
    return { locale: first, words }
  }
}

/** The tag itself, then each of its wider ones. */
function tagsOf(locale: string): string[] {
  const parts = locale.toLowerCase().split('-')
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('-'))
}

/** Fills up what is not there. Made of own properties, which these objects alone have. */
function complete<Words extends object>(words: Words, own: PartialWords<Words>): Words {
  const filled = { ...words }
  for (const key of Object.keys(words)) {
    const value: unknown = Reflect.get(own, key)
    const full: unknown = Reflect.get(words, key)
    if (value === undefined) continue
    Reflect.set(filled, key, isGroup(full) && isGroup(value) ? complete(full, value) : value)
  }
  return filled
}

function findMissing(words: object, own: object, path = ''): string[] {
  return Object.entries(words).flatMap(([key, full]: [string, unknown]) => {
    const value: unknown = Reflect.get(own, key)
    if (value === undefined) return [`${path}${key}`]
    return isGroup(full) && isGroup(value) ? findMissing(full, value, `${path}${key}.`) : []
  })
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

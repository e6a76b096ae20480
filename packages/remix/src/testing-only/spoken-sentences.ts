/** Every sentence of owned words, by its path, as somebody reads it. A function is called with `name` for whatever it wants. */
export function spokenSentences(words: object, name = 'Ada'): Record<string, string> {
  const found: Record<string, string> = {}
  const collect = (value: unknown, path: string) => {
    if (typeof value === 'function') collect(call(value, name), path)
    else if (typeof value === 'string' || isElement(value)) found[path] = textOf(value)
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) collect(inner, path === '' ? key : `${path}.${key}`)
  }
  collect(words, '')
  return found
}

function call(word: Function, name: string): unknown {
  return Reflect.apply(word, undefined, [sampleOf(name), sampleOf(name), sampleOf(name)])
}

/** It reads as a name, counts as three, is a list of itself, marks what it is called with, and holds the numbers of every reason and the days of every mail. */
function sampleOf(name: string): unknown {
  const mark = (text: unknown) => (typeof text === 'string' ? text : name)
  const numbers = {
    minLength: 12,
    maxLength: 256,
    retryAfterSeconds: 61,
    maxPasskeys: 10,
    domains: ['example.com'],
    undoUntil: new Date('2026-05-11T09:41:00Z'),
    deleteAfter: new Date('2026-05-18T09:41:00Z'),
    lacks: ['second-factor', 'method'],
    methods: ['pwd'],
  }
  const value = Object.assign(mark, numbers, {
    [Symbol.toPrimitive]: (hint: string) => (hint === 'number' ? 3 : name),
    [Symbol.iterator]: () => [name].values(),
  })
  return new Proxy(value, {
    get: (target, key) => (Reflect.has(target, key) && key !== 'name' ? Reflect.get(target, key) : name),
  })
}

interface Element {
  props: { children?: unknown }
}

function isElement(value: unknown): value is Element {
  return typeof value === 'object' && value !== null && '$$typeof' in value
}

/** The text of what `line` made. */
function textOf(node: unknown): string {
  if (Array.isArray(node)) return node.map(textOf).join('')
  if (isElement(node)) return textOf(node.props.children)
  return node === undefined || node === null || typeof node === 'boolean' ? '' : String(node)
}

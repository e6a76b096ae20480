import type { Bytes } from '@sigra/core'

/** Why a form, or a field of it, was not taken, whatever the schema says. */
export type FormReason = {
  reason: 'form-too-large' | 'form-unreadable' | 'sent-twice' | 'no-files' | 'unusable-characters'
}

export interface FormEntries {
  /** Fields that came once, as text, under a plain name. */
  values: Map<string, string>
  /** What is wrong with the form, by field; `''` is the form itself. */
  problems: Map<string, FormReason>
}

const PLAIN_NAME = /^[A-Za-z][\w-]*$/ // no nesting, no `__proto__`, none of Conform's own `__intent__` and `__state__`

/** Takes a form apart. Whatever a schema would never ask for is left out; whatever is ambiguous is a problem. */
export async function parseFormEntries(body: Bytes, contentType: string | null): Promise<FormEntries> {
  const entries: FormEntries = { values: new Map(), problems: new Map() }
  const pairs = await readPairs(body, contentType)
  if (pairs === null) entries.problems.set('', { reason: 'form-unreadable' })
  for (const [name, value] of pairs ?? []) {
    if (PLAIN_NAME.test(name)) addEntry(entries, name, value)
  }
  return entries
}

function addEntry({ values, problems }: FormEntries, name: string, value: string | File): void {
  if (values.has(name) || problems.has(name)) {
    values.delete(name)
    problems.set(name, { reason: 'sent-twice' })
  } else if (typeof value !== 'string') {
    problems.set(name, { reason: 'no-files' })
  } else if (value.includes('\0') || !value.isWellFormed()) {
    problems.set(name, { reason: 'unusable-characters' })
  } else {
    values.set(name, value)
  }
}

async function readPairs(
  body: Bytes,
  contentType: string | null,
): Promise<Iterable<[string, string | File]> | null> {
  if (body.length === 0) return []
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase()
  try {
    // A half of a surrogate pair has no UTF-8; lenient decoding would make another password of it.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
    if (type === 'application/x-www-form-urlencoded') return readUrlEncoded(text)
    if (type !== 'multipart/form-data') return null
    const form = await new Response(body, { headers: { 'Content-Type': contentType ?? '' } }).formData()
    return form.entries()
  } catch {
    return null
  }
}

/** @throws {URIError} for percent signs that spell no UTF-8. */
function readUrlEncoded(text: string): [string, string][] {
  const decode = (part: string) => decodeURIComponent(part.replaceAll('+', ' '))
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=')
      return equals < 0 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))]
    })
}

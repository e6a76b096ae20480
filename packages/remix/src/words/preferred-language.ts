const MOST_RANGES = 20 // who sends more has not chosen any

/**
 * Which of the languages on offer somebody's browser likes best (RFC 9110 §12.5.4, RFC 4647 §3.4): `de-AT` takes `de`.
 *
 * @param acceptLanguage The header, or `null` where there is none.
 * @param offered Language tags, the one to fall back to first.
 */
export function preferredLanguage<Tag extends string>(
  acceptLanguage: string | null,
  offered: readonly [Tag, ...Tag[]],
): Tag {
  const ranges = (acceptLanguage ?? '').slice(0, 1_000).split(',', MOST_RANGES).map(readRange)
  for (const { range } of ranges.filter(({ weight }) => weight > 0).toSorted((a, b) => b.weight - a.weight)) {
    const tag = range === '*' ? offered[0] : lookUp(range, offered)
    if (tag !== undefined) return tag
  }
  return offered[0]
}

function readRange(text: string): { range: string; weight: number } {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const weight = parameters.find((each) => each.startsWith('q='))?.slice(2) ?? '1'
  return { range, weight: /^[01](?:\.\d{0,3})?$/.test(weight) ? Number(weight) : 0 }
}

/** The range itself, then each of its wider ones. */
function lookUp<Tag extends string>(range: string, offered: readonly Tag[]): Tag | undefined {
  const parts = range.split('-')
  for (let length = parts.length; length > 0; length -= 1) {
    const wider = parts.slice(0, length).join('-')
    const found = offered.find((tag) => tag.toLowerCase() === wider)
    if (found !== undefined) return found
  }
  return undefined
}

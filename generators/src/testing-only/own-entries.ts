import fc from 'fast-check'

/** An entry of an owner's: where its import stands, before or behind which entry of ours it does. */
export interface OwnEntry {
  at: number
  importAt: number
  isBefore: boolean
  hasComment: boolean
}

export const ownEntry: fc.Arbitrary<OwnEntry> = fc.record({
  at: fc.nat(30),
  importAt: fc.nat(5),
  isBefore: fc.boolean(),
  hasComment: fc.boolean(),
})

/** A joint with an entry of the owner's in it, of this name. */
export function addOwnEntry(
  text: string,
  name: string,
  { at, importAt, isBefore, hasComment }: OwnEntry,
): string {
  const list = /= \[(.*)\]$/mu.exec(text)
  const [whole = '', entries = ''] = list ?? []
  const names = entries.split(', ').filter((entry) => entry !== '')
  const listed = names.toSpliced(at % (names.length + 1), 0, name).join(', ')
  const lines = (list ? text.replace(whole, `= [${listed}]`) : text).replace('= {}', '= {\n}').split('\n')
  const imports = lines.flatMap((line, index) => (/^(import .*|\}) from '/u.test(line) ? [index] : []))
  const isRoutes = text.includes('sigraRoutes()')
  const places = lines.flatMap((line, index) => {
    const isEntry = isRoutes ? /^ {4}\S.*,$/u.test(line) : /^ {2}[\w'.[].*,$/u.test(line)
    return isEntry && index > (imports.at(-1) ?? 0) ? [isBefore ? index : index + 1] : []
  })
  const place =
    places.length === 0
      ? lines.findIndex((line, index) => index > (imports.at(-1) ?? 0) && line.startsWith('}'))
      : (places[at % places.length] ?? 0)
  const entry = isRoutes ? `    route('${name}', 'routes/${name}.tsx'),` : `  ${name}: ${name},`
  const comment = hasComment ? [`${isRoutes ? '    ' : '  '}// About ${name}.`] : []
  const withEntry = list ? lines : lines.toSpliced(place, 0, ...comment, entry)
  return withEntry
    .toSpliced((imports[importAt % imports.length] ?? 0) + 1, 0, `import { ${name} } from './${name}'`)
    .join('\n')
}

/** What is the owner's: their lines, and of a list on one line their entries. */
export function ownMarks(text: string): string[] {
  return [...text.matchAll(/^(?!(?:export )?const).*mine\d+.*$|(?<=^(?:export )?const.*)mine\d+/gmu)].map(
    ([found]) => found.trim(),
  )
}

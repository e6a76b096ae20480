import { defineFeature } from '../features/define-feature.ts'
import { passkeys } from '../features/passkeys.ts'

/** A second feature that adds something to every joint passkeys add something to. */
export const toys = defineFeature({
  ...passkeys,
  name: 'toys',
  summary: 'Play.',
  question: 'Toys?',
  isDefault: false,
  values: ['ball', 'kite'],
  folder: 'app/toys',
  tables: ['user_toys'],
  packages: [],
  env: ['TOY_BOX'],
  identifiers: [],
  segments: [],
  reserved: { contexts: [], entities: [], tables: [] },
  joints: Object.fromEntries(
    Object.entries(passkeys.joints).map(([path, entries]) => [
      path,
      entries.map(({ from, name }) => ({ from: toToys(from), name: toToys(name) })),
    ]),
  ),
  docs: [],
})

/** What is said of passkeys, said of toys. */
export function toToys(text: string): string {
  return text.replaceAll('passkey', 'toy').replaceAll('Passkey', 'Toy')
}

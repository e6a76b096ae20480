import { defineFeature } from '../features/define-feature.ts'
import type { FeatureParts } from '../features/feature-parts.ts'
import { rulesOf } from '../rules.ts'
import { loadTemplate } from '../template.ts'

/** A second feature. */
export const toys = defineFeature({
  name: 'toys',
  summary: 'Play.',
  question: 'Toys?',
  needs: [],
  isDefault: false,
  values: ['ball', 'kite'],
  docs: [],
})

/** It adds something to every joint that passkeys add something to. */
export function createToyParts(): FeatureParts {
  const joints: FeatureParts['joints'] = rulesOf(loadTemplate()).features['passkeys']?.joints ?? {}
  return {
    folder: 'app/toys',
    tables: ['user_toys'],
    packages: [],
    env: ['TOY_BOX'],
    identifiers: [],
    segments: [],
    reserved: { contexts: [], entities: [], tables: [] },
    joints: Object.fromEntries(
      Object.entries(joints).map(([path, entries]) => [
        path,
        entries.map(({ from, name }) => ({ from: toToys(from), name: toToys(name) })),
      ]),
    ),
  }
}

/** What is said of passkeys, said of toys. */
export function toToys(text: string): string {
  return text.replaceAll('passkey', 'toy').replaceAll('Passkey', 'Toy')
}

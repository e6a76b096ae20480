import { createWords } from '@sigra/remix/words'
import { words } from './words.ts'

/**
 * The languages of the mails. A further one is a file like `words.ts`: `others: { de: german }`. What it lacks is said
 * in the first one.
 */
export const languages = { first: 'en', words, others: {} }

const choose = createWords(languages)

/** The words of a mail, and the language they are in. */
export function languageOf({ locale }: { locale: string }): ReturnType<typeof choose> {
  return choose(locale)
}

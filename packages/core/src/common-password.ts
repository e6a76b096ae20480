import { COMMON_PHRASES, COMMON_STEMS, KEYBOARD_WALKS } from './common-password-data.ts'

/**
 * Whether a password is among those that are tried first. Works offline.
 *
 * It looks for the cheapest way to spell the password with favourite words, counts, keyboard walks, years and
 * repeats. What is left over costs by the character; a password that costs next to nothing is common, however
 * long it is. `Password123!`, `qwerasdfzxcv`, `Summer2026!!!` and `abcabcabcabc` are; twelve random digits, or
 * four words nobody uses as a password, are not.
 */
export function isCommonPassword(password: string): boolean {
  const characters = Array.from(password, foldCase)
  const letters = characters.filter((character) => /[\p{L}\p{N}]/u.test(character)).join('')
  const unit = repeatedUnit(characters)
  return (
    new Set(characters).size < FEWEST_CHARACTERS ||
    (unit.length < SHORTEST_UNIT && unit.length < characters.length) ||
    phrases.has(letters.replace(/\d+$/, '')) ||
    phrases.has(letters) ||
    costOf(unit) <= CHEAP
  )
}

/** Whether `word` stands in `password`, in any case and in the usual disguises (`4cme` for `acme`). */
export function containsWord(password: string, word: string): boolean {
  const characters = Array.from(password, foldCase)
  const letters = Array.from(word, foldCase)
  return characters.some((_, start) => isSpelledAt(characters, start, letters))
}

// In half letters: an unexplained letter is worth two, a digit or a separator one.
const COST = { part: 2, digit: 1, separator: 1, other: 2 }
const CHEAP = 8 // a word, a year and four more marks: what any word list with its rules tries in a minute
const FEWEST_CHARACTERS = 5
const SHORTEST_UNIT = 8 // what is too short once is too short twice
const SHORTEST_RUN = 3
const SHORTEST_WALK = 4

const DISGUISES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'il',
  '2': 'z',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '6': 'g',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'il',
  '|': 'il',
  '+': 't',
  '(': 'c',
}

const phrases: ReadonlySet<string> = new Set(COMMON_PHRASES)
const favourites = [...new Set([...COMMON_STEMS, ...COMMON_PHRASES])].map((words) => Array.from(words))
const walks = KEYBOARD_WALKS.flatMap((walk) => [walk, Array.from(walk).toReversed().join('')])

/** The least that the whole can be put together for, from its beginning to each of its places. */
function costOf(characters: readonly string[]): number {
  const costs = [0, ...characters.map(() => Infinity)]
  characters.forEach((character, start) => {
    const before = costs[start] ?? Infinity
    const reach = (length: number, cost: number): void => {
      costs[start + length] = Math.min(costs[start + length] ?? Infinity, before + cost)
    }
    reach(1, costOfCharacter(character))
    for (const length of partsAt(characters, start)) reach(length, COST.part)
  })
  return costs.at(-1) ?? 0
}

function costOfCharacter(character: string): number {
  if (/\p{N}/u.test(character)) return COST.digit
  return /\p{L}/u.test(character) ? COST.other : COST.separator
}

/** The lengths of all favourite parts that begin here. */
function partsAt(characters: readonly string[], start: number): number[] {
  const lengths = favourites
    .filter((words) => isSpelledAt(characters, start, words))
    .map((words) => words.length)
  const rest = characters.slice(start).join('')
  if (/^(19|20)\d\d/.test(rest)) lengths.push(4)
  for (const step of [0, 1, -1]) addRuns(lengths, runAt(characters, start, step), SHORTEST_RUN)
  addRuns(lengths, walkAt(rest), SHORTEST_WALK)
  return lengths
}

function addRuns(lengths: number[], longest: number, shortest: number): void {
  for (let length = shortest; length <= longest; length++) lengths.push(length)
}

/** How far each character is the one before plus `step`: `aaaa`, `abcd`, `4321`. */
function runAt(characters: readonly string[], start: number, step: number): number {
  let length = 1
  while (codePoint(characters[start + length]) === codePoint(characters[start + length - 1]) + step) length++
  return length
}

function walkAt(rest: string): number {
  let length = SHORTEST_WALK
  if (rest.length < length || !walks.some((walk) => walk.includes(rest.slice(0, length)))) return 0
  while (length < rest.length && walks.some((walk) => walk.includes(rest.slice(0, length + 1)))) length++
  return length
}

/** `abcxabcxabcx` → `abcx`: a repeat adds nothing. */
function repeatedUnit(characters: readonly string[]): readonly string[] {
  for (let length = 1; length <= characters.length / 2; length++) {
    const unit = characters.slice(0, length)
    if (characters.every((character, index) => character === unit[index % length])) return unit
  }
  return characters
}

function isSpelledAt(characters: readonly string[], start: number, letters: readonly string[]): boolean {
  return letters.every((letter, index) => {
    const character = characters[start + index]
    return (
      character === letter || (character !== undefined && DISGUISES[character]?.includes(letter) === true)
    )
  })
}

/** One character for one character, or places would shift: `İ` has two in lower case and stays. */
function foldCase(character: string): string {
  const lower = character.toLowerCase()
  return Array.from(lower).length === 1 ? lower : character
}

function codePoint(character: string | undefined): number {
  return character?.codePointAt(0) ?? Number.NaN
}

import type { Conflict, Decision } from '@sigra/generators'
import { askLine, type Streams } from './ask-line.ts'

const answers: readonly { letter: string; decision: Decision; meaning: string }[] = [
  { letter: 'k', decision: 'keep', meaning: 'keep yours' },
  { letter: 'm', decision: 'merge', meaning: 'merge: write both, with markers' },
  { letter: 'r', decision: 'replace', meaning: 'replace yours' },
  { letter: 's', decision: 'refuse', meaning: 'stop, and write nothing at all' },
]

/** Asks what happens to a file that only its owner can decide about, until the answer is one of the four. */
export async function askDecision({ path, reason }: Conflict, streams?: Streams): Promise<Decision> {
  const choices = answers.map(({ letter, meaning }) => `  ${letter}  ${meaning}`).join('\n')
  const question = `${path}: ${reason}.\n${choices}\n> `
  for (;;) {
    const answer = (await askLine(question, streams)).toLowerCase()
    const chosen = answers.find(({ letter, decision }) => answer === letter || answer === decision)
    if (chosen) return chosen.decision
  }
}

import { z } from 'zod'
import { words } from './words.ts'

export const NAME_LENGTH = 100

const name = z
  .string({ error: words.missing.name })
  .trim()
  .min(1, words.missing.name)
  .max(NAME_LENGTH, words.tooLong(NAME_LENGTH))
/** The id of the organization that the page showed: its form changes nothing of another. */
const shown = z.string().optional()

export const CreateProjectSchema = z.object({ shown, name })

export const ProjectSchema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('rename'), shown, name }),
  z.object({ intent: z.enum(['archive', 'restore']), shown }),
])

/** Of an address that somebody may have typed. */
export const ProjectId = z.uuid()

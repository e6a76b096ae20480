import { z } from 'zod'
import { isInnerPath } from './inner-path.ts'

/** A path as our own files hold it: below the root of the app, or the file is refused as a whole. */
export const pathShape = z
  .string()
  .refine(isInnerPath, { error: 'holds a path that leads out of the app’s own files' })

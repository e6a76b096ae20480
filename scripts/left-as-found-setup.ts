import { afterAll } from 'vitest'
import { leftChanged, processState } from './left-as-found.ts'

// Vitest runs this before each file, and what is registered first in a file ends last: after the file's own hooks.
const before = processState()

afterAll(() => {
  const changed = leftChanged(before, processState())
  if (changed.length > 0) {
    throw new Error(
      `This file leaves to the next one of its process: ${changed.join(', ')}. Restore it, or see ALONE in vitest.config.ts.`,
    )
  }
})

import type { ReactNode } from 'react'
import type { FlashWords } from '../accounts/flashes.ts'
import { line } from '../accounts/line.ts'

/** Everything that people read about projects. */
export const words = {
  title: 'Projects',
  create: { title: 'New project', name: 'Name', button: 'Create project' },
  created: (when: ReactNode) => line`Created ${when}`,
  archived: (when: ReactNode) => line`Archived ${when}`,
  nobody: 'somebody who has left',
  facts: { by: 'Created by', at: 'Created', archived: 'Archived' },

  empty: {
    own: 'No projects yet. Create the first one.',
    others: 'No projects yet. You’ll see them here when an admin creates one.',
    archive: 'Nothing is archived.',
  },
  pages: 'More projects',
  archive: 'Archived projects',
  present: 'Back to current projects',
  next: 'More projects',
  first: 'From the beginning',

  rename: { title: 'Rename', button: 'Save name' },
  archiving: {
    title: 'Archive this project',
    text: 'It leaves the list. You can bring it back at any time.',
    button: 'Archive',
  },
  restoring: {
    title: 'Bring this project back',
    text: 'It returns to the list.',
    button: 'Bring back',
  },

  missing: { name: 'Give the project a name.' },
  tooLong: (most: number) => `Use at most ${most} characters.`,

  flashes: {
    'project-created': (name: string) => `${name} is ready.`,
    'project-renamed': 'The name is saved.',
    'project-archived': (name: string) => `${name} is archived.`,
    'project-restored': (name: string) => `${name} is back.`,
    'project-changed': { refusal: 'Somebody else changed this project in the meantime.' },
  } satisfies Record<string, FlashWords>,
}

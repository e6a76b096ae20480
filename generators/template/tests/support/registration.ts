import type { PersonFields } from '@sigra/dev/testing'
import type { User } from '../../app/accounts/entities/user.ts'
import type { RegisterInput } from '../../app/accounts/schemas.ts'

// How people register in tests. What your form asks for beside address and password, and what your columns then hold,
// is said here once: the form of every test and everybody `createPerson` makes have it.

/** What is typed into the fields of your own. */
export const answers: { [Field in keyof Omit<RegisterInput, 'email' | 'password'>]: string } = {}

/** Columns of your own. */
export const fields: PersonFields<User> = {}

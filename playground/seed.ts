// Demo users for trying things out: `npx sigra db:seed`. Everybody can read their password here, so production refuses to
// start on a database that holds confirmed users of seed.example.
import { createPerson } from '@sigra/dev/testing'
import { User } from './app/accounts/entities/user.ts'
import { orm, sigra } from './app/sigra.server.ts'

const password = 'paper boats on the pond'
const names = ['ada', 'grace', 'linus']

for (const name of names) {
  const email = `${name}@seed.example`
  const isThere = await orm.em.fork().count(User, { emailCanonical: email })
  if (!isThere) await createPerson(sigra, { email, password })
}
console.log(`Log in as ${names.join(', ')} @seed.example with: ${password}`)

await sigra.close()

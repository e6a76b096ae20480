// Demo users for trying things out: `npx sigra db:seed`. Everybody can read their password here, so production refuses to
// start on a database that holds confirmed users of seed.example.
import { User } from './app/accounts/entities/user.ts'
import { sigra } from './app/sigra.server.ts'

const password = 'paper boats on the pond'
const names = ['ada', 'grace', 'linus']

const { orm, hasher } = sigra.runtime
const em = orm.em.fork()
const hashedPassword = await hasher.hash(password)

for (const name of names) {
  const email = `${name}@seed.example`
  const isThere = await em.count(User, { emailCanonical: email })
  if (!isThere) em.create(User, { email, emailCanonical: email, hashedPassword, confirmedAt: new Date() })
}
await em.flush()
console.log(`Log in as ${names.join(', ')} @seed.example with: ${password}`)

await sigra.runtime.close()
await orm.close()

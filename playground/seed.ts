// Demo users for trying things out: `npx sigra db:seed`. Everybody can read their password here, so production refuses to
// start on a database that holds confirmed users of seed.example.
import { ensurePerson } from '@sigra/dev/testing'
import { sigra } from './app/sigra.server.ts'

const password = 'paper boats on the pond'
const names = ['ada', 'grace', 'linus']

for (const name of names) await ensurePerson(sigra, { email: `${name}@seed.example`, password })
console.log(`Log in as ${names.join(', ')} @seed.example with: ${password}`)

await sigra.close()

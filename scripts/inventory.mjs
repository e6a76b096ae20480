// Whether docs/security/asvs.md and who-can-use-up-what.md name requirements and tests that exist, and
// docs/security/crypto-inventory.md every use of cryptography in the sources, no more and no less.
import { findAsvsProblems } from './lib/asvs.mjs'
import { findInventoryProblems } from './lib/crypto-inventory.mjs'
import { findRowsWithoutTest } from './lib/named-tests.mjs'
import { complain, say } from './lib/say.mjs'

const root = process.cwd()
const problems = [
  ...findAsvsProblems(root, 'docs/security/asvs.md'),
  ...findInventoryProblems(root, 'docs/security/crypto-inventory.md'),
  ...findRowsWithoutTest(root, 'docs/security/who-can-use-up-what.md'),
]
for (const problem of problems) complain(problem)
say(problems.length === 0 ? 'The inventories are those of the sources.' : `${problems.length} problems`)
process.exitCode = problems.length > 0 ? 1 : 0

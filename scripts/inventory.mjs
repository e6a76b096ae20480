// Whether docs/security/asvs.md names requirements and tests that exist, and docs/security/crypto-inventory.md every use of
// cryptography in the sources, no more and no less.
import { findAsvsProblems } from './lib/asvs.mjs'
import { findInventoryProblems } from './lib/crypto-inventory.mjs'
import { complain, say } from './lib/say.mjs'

const root = process.cwd()
const problems = [
  ...findAsvsProblems(root, 'docs/security/asvs.md'),
  ...findInventoryProblems(root, 'docs/security/crypto-inventory.md'),
]
for (const problem of problems) complain(problem)
say(problems.length === 0 ? 'Both inventories are those of the sources.' : `${problems.length} problems`)
process.exitCode = problems.length > 0 ? 1 : 0

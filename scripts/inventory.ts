// Whether the inventories of docs/security are those of the sources. Prints each problem and fails when there is one.
import { findAllInventoryProblems } from './lib/inventory-problems.ts'
import { complain, say } from './lib/say.ts'

const problems = findAllInventoryProblems(process.cwd())
for (const problem of problems) complain(problem)
say(problems.length === 0 ? 'The inventories are those of the sources.' : `${problems.length} problems`)
process.exitCode = problems.length > 0 ? 1 : 0

// Every rule about imports: who may know whom, imports that a package does not declare, circles between files, re-exports
// outside entry files, React Router in the library's framework-free entry, raw redirects in owned routes; and type
// assertions. Prints each finding and fails when there is one.
import { findImportProblems } from './lib/import-problems.ts'
import { complain, say } from './lib/say.ts'
import { root } from './lib/workspace.ts'

const { files, findings } = findImportProblems(root)
for (const finding of findings) complain(finding)
say(`${files} files checked, ${findings.length} findings`)
process.exitCode = findings.length > 0 ? 1 : 0

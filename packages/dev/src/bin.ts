#!/usr/bin/env node
import { describeOldNode } from '@sigra/generators/old-node'

const problem = describeOldNode('sigra')
if (problem === null) {
  const { runCommandLine } = await import('./cli/run-command-line.ts')
  process.exitCode = await runCommandLine(process.argv.slice(2), process.cwd())
} else {
  process.stderr.write(`${problem}\n`)
  process.exitCode = 4
}

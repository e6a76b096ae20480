#!/usr/bin/env node
import { runOnCurrentNode } from '@sigra/generators/old-node'

await runOnCurrentNode('sigra', async () => {
  const { runCommandLine } = await import('./cli/run-command-line.ts')
  process.exitCode = await runCommandLine(process.argv.slice(2), process.cwd())
})

#!/usr/bin/env node
import { runOnCurrentNode } from '@sigra/generators/old-node'

await runOnCurrentNode('sigra', async () => {
  const [{ ignoreClosedPipes }, { runCommandLine }] = await Promise.all([
    import('@sigra/generators/command-line'),
    import('./cli/run-command-line.ts'),
  ])
  ignoreClosedPipes()
  process.exitCode = await runCommandLine(process.argv.slice(2), process.cwd())
})

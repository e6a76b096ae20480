#!/usr/bin/env node
import { runOnCurrentNode } from '@sigra/generators/old-node'

await runOnCurrentNode('create-sigra-remix', async () => {
  const { main } = await import('./main.ts')
  await main(process.argv.slice(2))
})

#!/usr/bin/env node
import { describeOldNode } from '@sigra/generators/old-node'

const problem = describeOldNode('create-sigra-remix')
if (problem === null) {
  const { main } = await import('./main.ts')
  await main(process.argv.slice(2))
} else {
  process.stderr.write(`${problem}\n`)
  process.exitCode = 4
}

#!/usr/bin/env node
// This file must run on any Node: it decides before anything newer is loaded.
const required = [22, 22, 0]
const found = process.versions.node.split('.').map(Number)
const difference = required.map((part, index) => (found[index] ?? 0) - part).find((part) => part !== 0) ?? 0

if (difference < 0) {
  process.stderr.write(
    `create-sigra-remix needs Node ${required.join('.')} or newer, and this is ${process.versions.node}. ` +
      'Install a current Node from https://nodejs.org and run the command again.\n',
  )
  process.exitCode = 4
} else {
  void import('./main.ts').then(({ main }) => main(process.argv.slice(2)))
}

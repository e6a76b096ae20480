// Publishes the packed packages (folder in SIGRA_PACKED) to a registry of this machine and does from there what the
// README and the guide docs/getting-started.md tell, command by command. Nothing is configured but what a user has.
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { follow, readCommands, registerByHand } from './lib/guide.ts'
import { startLocalRegistry } from './lib/local-registry.ts'
import { buildAndPack, makeTemporaryFolder, tarballsIn } from './lib/packed.ts'
import { stopOnSignals } from './lib/run.ts'
import { say } from './lib/say.ts'
import { root } from './lib/workspace.ts'

const README_COMMAND = 'npm create sigra-remix@latest my-app -- --yes'

stopOnSignals()
const readme = await readFile(join(root, 'README.md'), 'utf8')
const commands = await readCommands(join(root, 'docs/getting-started.md'))
if (!readme.includes(README_COMMAND)) throw new Error(`README.md does not show: ${README_COMMAND}`)
if (commands[0] !== README_COMMAND) throw new Error(`The guide does not begin with: ${README_COMMAND}`)

const scratch = await makeTemporaryFolder('sigra-registry-')
const tarballs = process.env.SIGRA_PACKED
  ? tarballsIn(process.env.SIGRA_PACKED)
  : await buildAndPack(join(scratch, 'packages'), say)
const registry = await startLocalRegistry(scratch, tarballs)
try {
  say(`Published ${tarballs.size} packages to a registry of this machine`)

  const app = await follow(commands, { folder: scratch, env: registry.env, say, visit: registerByHand })
  const lock = await readFile(join(app, 'package-lock.json'), 'utf8')
  for (const name of ['@sigra/remix', '@sigra/dev', '@sigra/worker']) {
    if (!lock.includes(`"node_modules/${name}"`)) throw new Error(`${name} was not installed`)
  }
  say('What the guide tells works, from the first command to the last')
} finally {
  await registry.close()
}
await rm(scratch, { recursive: true, force: true })
process.exit(0) // the registry keeps timers of its own

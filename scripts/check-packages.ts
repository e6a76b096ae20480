// Looks at the packages as they would be published (folder in SIGRA_PACKED): publint, are-the-types-wrong, knip.
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildAndPack, tarballsIn } from './lib/packed.ts'
import { run } from './lib/run.ts'
import { complain, say } from './lib/say.ts'
import { packages, root } from './lib/workspace.ts'

const ATTW_FLAGS =
  '--profile esm-only --format ascii --no-color --no-emoji --exclude-entrypoints ./package.json'.split(' ')

const folder = process.env.SIGRA_PACKED
const tarballs = folder
  ? tarballsIn(folder)
  : await buildAndPack(await mkdtemp(join(tmpdir(), 'sigra-packed-')), say)

let failures = 0
for (const [name, tarball] of tarballs) {
  await check(`publint ${name}`, 'publint/src/cli.js', [tarball, '--strict'])
  if (!packages.find((item) => item.name === name)?.manifest.exports) continue // a command only: nothing to import, so nothing to type
  await check(`are-the-types-wrong ${name}`, '@arethetypeswrong/cli/dist/index.js', [tarball, ...ATTW_FLAGS])
}
await check('knip', 'knip/bin/knip.js', ['--no-progress'])
process.exitCode = failures > 0 ? 1 : 0

async function check(title: string, program: string, args: readonly string[]): Promise<void> {
  const { code, output } = await run(process.execPath, [join(root, 'node_modules', program), ...args], {
    cwd: root,
  })
  if (code === 0) return say(`ok  ${title}`)
  failures += 1
  complain(`${title}\n${output}`)
}

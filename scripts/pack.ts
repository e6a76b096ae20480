// Packs every published package into a folder, exactly as `npm publish` would send it: `node scripts/pack.ts <folder>`.
import { resolve } from 'node:path'
import { pack } from './lib/pack.ts'
import { say } from './lib/say.ts'

const tarballs = await pack(resolve(process.argv[2] ?? 'packed'), say)
for (const [name, path] of tarballs) say(`${name}  ${path}`)

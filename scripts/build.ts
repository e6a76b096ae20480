// npm run build: every package into its `dist`.
import { build } from './lib/build.ts'
import { say } from './lib/say.ts'

await build(say)

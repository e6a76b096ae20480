import { fileURLToPath } from 'node:url'

/** Path of one of this package's own programs, built (.js) or from source (.ts). */
export function programPath(name: string): string {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return fileURLToPath(new URL(`../${name}.${extension}`, import.meta.url))
}

/** What Node gets to run one of them: from source it needs the workspace's own export condition too. */
export function programArguments(name: string): string[] {
  const path = programPath(name)
  return [...process.execArgv, ...(path.endsWith('.ts') ? ['--conditions=sigra-source'] : []), path]
}

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from './workspace.ts'

const GUIDE = 'docs/installation.md'

/** Which host under fixtures/hosts does what a section of the guide tells. */
const HOSTS = {
  'React Router 7 and Remix 2': 'react-router-7/with-middleware',
  'Wired up by hand': 'remix-2',
  'Remix 2': 'remix-2',
  'React Router 7 without middleware': 'react-router-7',
}

/**
 * Compares each block of the guide that begins with the name of a file with that file in the host that is tested. `// …`
 * in a block stands for lines left out.
 *
 * @returns How many blocks there are.
 */
export async function compareGuideWithHosts(): Promise<number> {
  const text = await readFile(join(root, GUIDE), 'utf8')
  const shown = Object.entries(HOSTS).flatMap(([title, host]) =>
    blocksOf(text, title).map(([, path = '', code = '']) => ({ host, path, code })),
  )
  for (const { host, path, code } of shown) {
    const actual = await readFile(join(root, 'fixtures/hosts', host, path), 'utf8')
    const missing = code.split(/^ *\/\/ …\n/m).find((part) => !actual.includes(part.trim()))
    if (missing !== undefined)
      throw new Error(`${GUIDE} shows lines that fixtures/hosts/${host}/${path} does not have:\n${missing}`)
  }
  return shown.length
}

function blocksOf(text: string, title: string): RegExpExecArray[] {
  const section = text.split(/^#{2,3} /m).find((part) => part.startsWith(`${title}\n`))
  const blocks = [...(section ?? '').matchAll(/^```(?:js|tsx?)\n\/\/ (\S+)\n([^]*?)^```$/gm)]
  if (blocks.length === 0) throw new Error(`${GUIDE} has no files under "${title}".`)
  return blocks
}

import { loadTemplate, type Template } from '../template.ts'
import { smallTemplate } from './small-app.ts'
import { createToyParts, toToys } from './toys.ts'

/** The small app with the joints of the real one, and toys in each of them. */
export function templateWithToys(): Template {
  const real = loadTemplate()
  const parts = createToyParts()
  const joints = Object.keys(parts.joints).map((path): [string, string] => [
    path,
    withToys(real.get(path) ?? ''),
  ])
  return new Map([
    ...smallTemplate,
    ...joints,
    ['features/toys.json', JSON.stringify(parts)],
    ['app/toys/words.ts', '// sigra:file toys\nexport const words = {}\n'],
    ['.env.example', `${smallTemplate.get('.env.example') ?? ''}\n# Where toys are.\nTOY_BOX=here\n`],
  ])
}

/** Beside each line of passkeys the same one of toys; in a list on one line, beside each entry. */
function withToys(text: string): string {
  const lines = text.split('\n').flatMap((line) => {
    const isComment = /^\s*(\/\/|\/?\*)/u.test(line)
    if (isComment || !/passkey/iu.test(line)) return [line]
    if (!/[=:] \[/u.test(line)) return [line, toToys(line)]
    return [line.replace(/(?:\.\.\.)?\bpasskey[\w.]*/u, (entry) => `${entry}, ${toToys(entry)}`)]
  })
  return lines.join('\n')
}

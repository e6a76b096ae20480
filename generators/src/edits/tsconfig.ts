import { already, changed, manual, type EditResult, type HostEdit } from './edit.ts'
import { findJson, openJson, setJson } from './json-edit.ts'

const snippet = `"compilerOptions": {
  "paths": { "~/*": ["./app/*"] },
  "allowImportingTsExtensions": true,
  "noEmit": true
}`

/** `tsconfig.json`: what generated imports rely on, `~/…` and `./x.ts`. React Router's own templates have the first. */
export const tsconfigEdit: HostEdit = {
  paths: ['tsconfig.json'],
  id: 'imports',
  ensure(text) {
    if (text === null) return manual('there is no such file', snippet)
    const json = openJson(text)
    if (json === null) return manual('it is not valid JSON', snippet)
    if (findJson(json, ['references']) !== null)
      return manual('it only refers to other configurations', snippet)
    return ensureOptions(text)
  },
}

function ensureOptions(text: string): EditResult {
  const steps: readonly (readonly [keys: readonly string[], value: unknown])[] = [
    [['compilerOptions', 'paths', '~/*'], ['./app/*']],
    [['compilerOptions', 'allowImportingTsExtensions'], true],
    [['compilerOptions', 'noEmit'], true],
  ]
  let result = text
  for (const [keys, value] of steps) {
    const json = openJson(result)
    const present = json && findJson(json, keys)
    if (present?.value === false) return manual(`its ${keys.at(-1)} is off`, snippet)
    if (present) continue
    const next = setJson(result, keys, value)
    if (next === null) return manual('its shape is unknown', snippet)
    result = next
  }
  return result === text ? already : changed(result)
}

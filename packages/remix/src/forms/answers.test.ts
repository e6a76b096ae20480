import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const app = join(import.meta.dirname, '../../../../generators/template/app')
const routes = globSync('{accounts,passkeys}/routes/*.tsx', { cwd: app })

it.each(routes)('the action of %s has one shape of answers: its page asks none what it is', (route) => {
  const [, after = ''] = readFileSync(join(app, route), 'utf8').split('export async function action')
  const [action = ''] = after.split('export const meta')
  const answers = action.matchAll(/(?:(?<!throw )data\(|return (?:[^\n?]*\? )?)\{\s*(\w+)/g)
  expect(new Set([...answers].map(([, key]) => key)).size).toBeLessThan(2)
})

import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const app = join(import.meta.dirname, '../template/app')
const sources = globSync('**/*.tsx', { cwd: app }).map((path) => ({
  path,
  text: readFileSync(join(app, path), 'utf8'),
}))
const forms = sources.flatMap(({ path, text }) =>
  [...text.matchAll(/<Form\b[\s\S]*?<\/Form>/g)].map(([form]) => ({ path, form })),
)

/** A second press downloads a second file: there is nothing that must not happen twice, and no answer that frees a button. */
const downloads = 'accounts/routes/settings-data.tsx'

describe('the forms of the template', () => {
  it('are found', () => {
    expect(forms.length).toBeGreaterThan(20)
  })

  it('are sent once: none comes from the router itself, and none is a bare one', () => {
    const others = sources.filter(
      ({ path, text }) =>
        !path.endsWith('components/form.tsx') &&
        (/import \{[^}]*\bForm\b[^}]*\} from 'react-router'/.test(text) ||
          /<form\b|fetcher\.Form/.test(text)),
    )
    expect(others.map(({ path }) => path)).toEqual([downloads])
    const [download] = others
    const bare = [...(download?.text ?? '').matchAll(/<form\b[^>]*>/g)].map(([form]) => form)
    expect(bare).toEqual(['<form method="post" action={`${paths.settings}/export`}>'])
  })

  it('name the account beside every password, so that password managers know whose it is', () => {
    const nameless = forms.filter(
      ({ form }) =>
        /type="password"|<NewPasswordFields/.test(form) && !/<AccountName|autoComplete="username/.test(form),
    )
    expect(nameless).toEqual([])
  })
})

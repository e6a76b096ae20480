import { expect, it } from 'vitest'
import { escapeHtml } from './escape-html.ts'

it('keeps text text', () => {
  expect(escapeHtml(`<img src=x onerror="a('b')">&amp;`)).toBe(
    '&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;&amp;amp;',
  )
})

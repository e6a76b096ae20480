import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const root = new URL('..', import.meta.url)
// What reviewers of security read keeps the words of its standards, decisions those of their day.
const guides = ['*.md', 'docs/*.md', 'packages/*/README.md', 'generators/template/*.md'].flatMap((pattern) =>
  globSync(pattern, { cwd: root }),
)
const programs = ['packages/dev/src', 'packages/create-sigra-remix/src', 'generators/src'].flatMap((folder) =>
  globSync(`${folder}/**/!(*.test).ts`, { cwd: root }).filter((path) => !path.includes('testing')),
)

/** What is said of machines is a word of the trade: a mail server, the mail queue. What arrives is an email. */
const machine = '(?:servers?|workers?|queue|jobs?|systems?|providers?|programs?|transport|clients?)'

/** One word for one thing (CONTRIBUTING.md). */
const notOurs: Record<string, RegExp> = {
  'log in, log out, register': /\bsign(?:s|ed|ing)?[ -](?:in|out|up|on)s?\b|\blog(?:in|out|on|off)s?\b/i,
  'email, email address': new RegExp(`\\be-mail|\\bmail(?:s|ed|ing)?\\b(?![ -]${machine}\\b)`, 'i'),
  'two-step verification': /\b(?:two|multi)-factor\b|\b2fa\b|\bmfa\b/i,
  'backup code': /recovery code|scratch code/i,
  'authenticator app': /\bauthenticator (?:code|token)/i,
  'turn on, turn off': /\bswitch(?:es|ed)? (?:\w+ )?(?:on|off)\b/i,
}

describe.each(Object.entries(notOurs))('“%s” is what we say', (_, pattern) => {
  it.each(guides)('in %s', (path) => {
    expect(proseOf(read(path)).filter((line) => pattern.test(line))).toEqual([])
  })

  it('on the command line', () => {
    const said = programs.flatMap((path) => sentencesOf(read(path)).map((text) => `${path}: ${text}`))
    expect(said.length).toBeGreaterThan(150)
    expect(said.filter((text) => pattern.test(text.slice(text.indexOf(': '))))).toEqual([])
  })
})

function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8')
}

/** Without code, addresses of links, and what is written by a program. */
function proseOf(markdown: string): string[] {
  return markdown
    .replaceAll(/^ *```[^]*?^ *```$|<!-- (table|measured)[^]*?<!-- \/\1 -->|<!--[^]*?-->/gm, '')
    .replaceAll(/`[^`\n]*`|\]\([^)]*\)/g, '')
    .split('\n')
}

/** Texts of more than two words that begin like a sentence. */
function sentencesOf(code: string): string[] {
  return [
    ...code.matchAll(/(['`])([A-Z$](?:(?!\1)[^\\\n]|\\.)* (?:(?!\1)[^\\\n]|\\.)* (?:(?!\1)[^\\\n]|\\.)*)\1/g),
  ].map(([, , text = '']) => text.replaceAll(/\$\{[^}]*\}/g, '…'))
}

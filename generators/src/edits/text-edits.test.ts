import { describe, expect, it } from 'vitest'
import { smallState } from '../testing-only/small-app.ts'
import type { EditContext, HostEdit } from './edit.ts'
import { envKeys } from '../env-blocks.ts'
import { agentsEdit, envEdits, gitignoreEdits } from './line-files.ts'
import { packageEdits } from './package-json.ts'
import { tsconfigEdit } from './tsconfig.ts'

const rendered = new Map([
  [
    '.env.example',
    '# Public origin.\nAPP_ORIGIN=http://localhost:5173\n\n# Key ring,\n# one line.\nSIGRA_SECRETS=\n\n# Where mail goes.\n# SMTP_URL=smtp://x\n',
  ],
  ['.gitignore', 'node_modules/\n.sigra/\n.env\n'],
  ['AGENTS.md', '# Accounts in this app\n\nProtect a page.\n'],
  [
    'package.json',
    JSON.stringify({
      scripts: { dev: 'sigra dev', test: 'vitest run', lint: 'oxlint' },
      dependencies: {
        '@mikro-orm/core': '7.2.1',
        '@mikro-orm/postgresql': '7.2.1',
        '@react-router/node': '8.4.0',
        zod: '^4.0.0',
      },
      devDependencies: { oxlint: '^1.0.0', vite: '^8.3.0' },
    }),
  ],
])
const context: EditContext = {
  state: smallState({ app: 'existing' }),
  rendered,
  before: null,
  hasOwnDatabase: false,
  isInWorkspace: false,
}

/** Makes every edit, then makes sure that none has anything left to do. */
function applyAll(
  edits: readonly HostEdit[],
  text: string | null,
): { text: string | null; manual: string[] } {
  const manual: string[] = []
  let current = text
  for (const edit of edits) {
    const result = edit.ensure(current)
    if (result.outcome === 'changed') current = result.text
    if (result.outcome === 'manual') manual.push(edit.id)
  }
  for (const edit of edits.filter(({ id }) => !manual.includes(id)))
    expect(edit.ensure(current)).toEqual({ outcome: 'already' })
  return { text: current, manual }
}

describe('package.json', () => {
  const edits = packageEdits(context)

  it('gets what it lacks, keeps its versions and follows them within a family', () => {
    const before = `{
  "name": "host",
  "scripts": {
    "dev": "react-router dev",
    "test": "jest"
  },
  "dependencies": {
    "@mikro-orm/core": "7.3.0",
    "react-router": "~8.6.0",
    "yup": "^1.0.0"
  }
}
`
    const { text, manual } = applyAll(edits, before)
    expect(manual).toEqual(['scripts.test'])
    expect(text).toBe(`{
  "name": "host",
  "scripts": {
    "dev": "sigra dev",
    "test": "jest"
  },
  "dependencies": {
    "@mikro-orm/core": "7.3.0",
    "@mikro-orm/postgresql": "7.3.0",
    "@react-router/node": "~8.6.0",
    "react-router": "~8.6.0",
    "yup": "^1.0.0",
    "zod": "^4.0.0"
  },
  "devDependencies": {
    "vite": "^8.3.0"
  }
}
`)
  })

  it.each([
    ['tabs', '{\n\t"name": "host"\n}\n', '\n\t"scripts": {\n\t\t"dev": "sigra dev"'],
    ['four spaces', '{\n    "name": "host"\n}\n', '\n    "scripts": {\n        "dev": "sigra dev"'],
    ['CRLF', '{\r\n  "name": "host"\r\n}\r\n', '\r\n  "scripts": {\r\n    "dev": "sigra dev"'],
    ['an empty object', '{}', '{\n  "scripts": {\n    "dev": "sigra dev"'],
    ['a section on one line', '{ "scripts": { "start": "x" } }', '{ "start": "x", "dev": "sigra dev"'],
  ])('keeps a layout with %s', (_layout, before, part) => {
    const { text } = applyAll(edits, before)
    expect(text).toContain(part)
    expect(JSON.parse(text ?? '')).toMatchObject({
      scripts: { dev: 'sigra dev' },
      devDependencies: { vite: '^8.3.0' },
    })
  })

  it('finds a package wherever the host lists it', () => {
    const { text } = applyAll(edits, '{ "devDependencies": { "zod": "4.1.0", "vite": "8.9.9" } }')
    expect(JSON.parse(text ?? '').devDependencies).toEqual({ zod: '4.1.0', vite: '8.9.9' })
    expect(JSON.parse(text ?? '').dependencies).not.toHaveProperty('zod')
  })

  it.each(['', '[]x', '{"a":'])('leaves what is no JSON alone: %j', (text) => {
    for (const edit of edits) expect(edit.ensure(text).outcome).toBe('manual')
  })
})

describe('.env.example', () => {
  const edits = envEdits(context)

  it('gets missing keys with what explains them', () => {
    expect(applyAll(edits, 'APP_ORIGIN=https://mine\n').text).toBe(
      'APP_ORIGIN=https://mine\n\n# Key ring,\n# one line.\nSIGRA_SECRETS=\n\n# Where mail goes.\n# SMTP_URL=smtp://x\n',
    )
  })

  it('keeps CRLF and counts commented-out keys as there', () => {
    const text = '# SMTP_URL=\r\nexport SIGRA_SECRETS=x\r\n'
    expect(applyAll(edits, text).text).toBe(
      `${text}\r\n# Public origin.\r\nAPP_ORIGIN=http://localhost:5173\r\n`,
    )
    expect(envKeys(text)).toEqual(['SMTP_URL', 'SIGRA_SECRETS'])
  })
})

describe('what a feature takes along when it leaves', () => {
  const manifest = (extra: Record<string, string>) =>
    JSON.stringify({ dependencies: { zod: '^4.0.0', ...extra } }, null, 2)
  const text = (extra: Record<string, string>, env = '') =>
    new Map([
      ['package.json', manifest(extra)],
      ['.env.example', `# Key ring.\nSIGRA_SECRETS=\n${env}`],
    ])
  const withFeature = text({ webauthn: '^14.0.0' }, '\n# Where passkeys work.\nRP_ID=localhost\n')
  const away = { ...context, rendered: text({}), before: withFeature, asked: { webauthn: '^14.0.0' } }
  const back = { ...context, rendered: withFeature, before: text({}), asked: {} }

  it('is the package it asked for, and a return asks for it again', () => {
    const without = applyAll(packageEdits(away), manifest({ webauthn: '^14.0.0' })).text
    expect(without).toBe(manifest({}))
    expect(applyAll(packageEdits(back), without).text).toBe(manifest({ webauthn: '^14.0.0' }))
    expect(packageEdits(back).find(({ id }) => id.endsWith('webauthn'))).toMatchObject({ isRenewed: true })
  })

  it('is no package at a version of the owner’s, nor one we never asked for', () => {
    const { text: kept, manual } = applyAll(packageEdits(away), manifest({ webauthn: '^15.0.0' }))
    expect(kept).toBe(manifest({ webauthn: '^15.0.0' }))
    expect(manual).toEqual(['dependencies.webauthn'])
    expect(packageEdits({ ...away, asked: {} }).map(({ id }) => id)).not.toContain('dependencies.webauthn')
  })

  it('is a key of .env.example with what explains it, where nobody changed that', () => {
    const [before, after] = [withFeature.get('.env.example') ?? '', text({}).get('.env.example')]
    expect(applyAll(envEdits(away), before).text).toBe(after)
    expect(applyAll(envEdits(away), `${before}\nMINE=1\n`).text).toBe(`${after}\nMINE=1\n`)
    const own = before.replace('localhost', 'example.com')
    expect(applyAll(envEdits(away), own)).toEqual({ text: own, manual: ['RP_ID'] })
    expect(applyAll(envEdits(back), after ?? '').text).toBe(before)
  })
})

describe('.gitignore', () => {
  const edits = gitignoreEdits(context)

  it.each([
    ['/node_modules', '/node_modules\n.sigra/\n.env\n'],
    ['node_modules\n.env*\n', 'node_modules\n.env*\n.sigra/\n'],
    ['# nothing\r\n', '# nothing\r\nnode_modules/\r\n.sigra/\r\n.env\r\n'],
  ])('gets the lines that no pattern covers: %j', (before, after) => {
    expect(applyAll(edits, before).text).toBe(after)
  })
})

describe('AGENTS.md', () => {
  it('gets our section after the text of the host', () => {
    expect(applyAll([agentsEdit(context)], '# House rules\n\nBe kind.').text).toBe(
      '# House rules\n\nBe kind.\n\n## Accounts in this app\n\nProtect a page.\n',
    )
  })
})

describe('tsconfig.json', () => {
  it('gets what our imports rely on, with its comments kept', () => {
    const before =
      '{\n  // ours\n  "compilerOptions": {\n    "noEmit": true, // checked only\n    "paths": { "@/*": ["./src/*"] }\n  }\n}\n'
    expect(applyAll([tsconfigEdit], before).text).toBe(
      '{\n  // ours\n  "compilerOptions": {\n    "allowImportingTsExtensions": true,\n    "noEmit": true, // checked only\n    "paths": { "@/*": ["./src/*"], "~/*": ["./app/*"] }\n  }\n}\n',
    )
  })

  it.each(['{ "references": [] }', '{ "compilerOptions": { "noEmit": false } }', 'no json'])(
    'leaves %s alone',
    (text) => {
      expect(tsconfigEdit.ensure(text).outcome).toBe('manual')
    },
  )
})

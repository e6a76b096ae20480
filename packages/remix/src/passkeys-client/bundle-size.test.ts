import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { describe, expect, it } from 'vitest'

/** The minified chunk an app gets from this entry. */
async function bundle(external: string[]): Promise<string> {
  const output = await build({
    root: import.meta.dirname,
    logLevel: 'silent',
    configFile: false,
    build: {
      write: false,
      minify: true,
      lib: { entry: 'index.ts', formats: ['es'] },
      rollupOptions: { external },
    },
  })
  const results = Array.isArray(output) ? output : [output]
  return results
    .flatMap((result) => ('output' in result ? [...result.output] : []))
    .map((file) => (file.type === 'chunk' ? file.code : ''))
    .join('')
}

const compressed = (code: string) => gzipSync(code).length

describe('the passkey chunk', () => {
  it('has at most 8 kB of ours, compressed', async () => {
    const code = await bundle(['@simplewebauthn/browser'])
    expect(code).toContain('@simplewebauthn/browser')
    expect(compressed(code)).toBeGreaterThan(500)
    expect(compressed(code)).toBeLessThanOrEqual(8192)
  })

  it('has at most 8 kB with the library in it, too', async () => {
    const code = await bundle([])
    expect(code).toContain('navigator.credentials')
    expect(compressed(code)).toBeLessThanOrEqual(8192)
  })
})

import { createOtpauthUri, createTotpSecret } from '@sigra/core'
import { decodeQR } from 'qr/decode.js'
import { describe, expect, it } from 'vitest'
import { drawQrCode, type QrCode } from './qr-code.ts'

const SCALE = 4

/** What a camera would see of the drawing. */
function photograph({ size, path }: QrCode): { width: number; height: number; data: Uint8Array } {
  const side = size * SCALE
  const data = new Uint8Array(side * side * 4).fill(255)
  for (const [, x, y, length] of path.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g)) {
    for (let row = Number(y) * SCALE; row < (Number(y) + 1) * SCALE; row++) {
      const from = (row * side + Number(x) * SCALE) * 4
      for (let at = from; at < from + Number(length) * SCALE * 4; at += 4) data.fill(0, at, at + 3)
    }
  }
  return { width: side, height: side, data }
}

describe('drawQrCode', () => {
  it.each(['Acme', 'A name of an app as long as a name may well become, with Ümläuts'])(
    'draws what a camera reads back: %s',
    async (issuer) => {
      const uri = createOtpauthUri(createTotpSecret(), { issuer, label: 'ada.lovelace+test@example.com' })
      expect(decodeQR(photograph(await drawQrCode(uri)))).toBe(uri)
    },
  )

  it('leaves the margin free that scanners need, and holds no markup', async () => {
    const { size, path } = await drawQrCode('otpauth://totp/Acme:"><script>')
    expect(path).toMatch(/^[Mhvz\d -]+$/)
    const starts = [...path.matchAll(/M(\d+) (\d+)h(\d+)/g)].map(([, x, y, length]) => [
      Number(x),
      Number(y),
      Number(x) + Number(length),
    ])
    for (const [x = 0, y = 0, end = 0] of starts) {
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(4)
      expect(Math.max(end, y + 1)).toBeLessThanOrEqual(size - 4)
    }
  })
})

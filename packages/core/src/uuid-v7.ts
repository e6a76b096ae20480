import { ConfigInvalid } from './errors.ts'
import { systemRandom } from './random.ts'

const MAX_MILLISECONDS = 2 ** 48 - 1

/**
 * Makes a UUID that sorts by time (RFC 9562 §5.7): 48 bits of Unix milliseconds, 74 random bits.
 * An id tells when it was made and nothing else; it is never a secret.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when `now` is no instant between 1970 and the year 10889.
 */
export function createUuidV7(now: Date, fillRandom = systemRandom): string {
  const milliseconds = now.getTime()
  if (!(milliseconds >= 0 && milliseconds <= MAX_MILLISECONDS)) {
    throw new ConfigInvalid('A UUID needs an instant between 1970 and the year 10889.')
  }
  const bytes = Buffer.alloc(16)
  fillRandom(bytes)
  bytes.writeUIntBE(milliseconds, 0, 6)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x70, 6) // version 7
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8) // variant of RFC 9562 §4.1
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

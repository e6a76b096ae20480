import { randomFillSync } from 'node:crypto'

/** Fills `bytes` with unpredictable bytes. Tests pass a predictable one. */
export type FillRandom = (bytes: Uint8Array) => void

/** The operating system's generator. */
export function systemRandom(bytes: Uint8Array): void {
  randomFillSync(bytes)
}

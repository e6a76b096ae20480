import { type CanonicalEmail, createMac, Impossible } from '@sigra/core'
import { asBytea } from '../database/bytea.ts'
import type { Runtime } from '../runtime.ts'

/** What the table knows of a held address. */
export interface AddressDigest {
  keyId: string
  /** As a parameter: cast it with `::bytea`. */
  digest: string
}

/** What address a hold is about, under every key of the ring: one that was made before a rotation still counts. */
export function addressDigests(runtime: Pick<Runtime, 'ring'>, address: CanonicalEmail): AddressDigest[] {
  return macsOf(runtime, 'address-hold', address).map(({ keyId, mac }) => ({ keyId, digest: asBytea(mac) }))
}

/**
 * The numbers an address is locked by, under every key of the ring: while keys are rotated, two processes that sign with
 * different ones have one in common.
 */
export function addressLocks(runtime: Pick<Runtime, 'ring'>, address: CanonicalEmail): number[] {
  return macsOf(runtime, 'address-lock', address).map(({ mac }) =>
    new DataView(mac.buffer, mac.byteOffset, mac.byteLength).getInt32(0),
  )
}

function macsOf(
  { ring }: Pick<Runtime, 'ring'>,
  purpose: 'address-hold' | 'address-lock',
  address: CanonicalEmail,
): { keyId: string; mac: NonNullable<ReturnType<typeof createMac>> }[] {
  return ring.keyIds.map((keyId) => {
    const mac = createMac(ring, purpose, address, keyId)
    if (mac === null) throw new Impossible('every listed key makes a MAC')
    return { keyId, mac }
  })
}

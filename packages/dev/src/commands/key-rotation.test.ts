import { describe, expect, it } from 'vitest'
import { nextRotation, readRing } from './key-rotation.ts'

const fixed = (length: number) => new Uint8Array(length).fill(7)
const ids = (secrets: string) => readRing(secrets).map(({ id }) => id)

describe('nextRotation', () => {
  it('adds a key last, moves it first, and takes the old one out: three deployments', () => {
    const added = nextRotation('k1:one', fixed)
    expect(added).toMatchObject({ step: 'add', keyIds: ['k2'] })
    expect(ids(added.secrets)).toEqual(['k1', 'k2'])
    const moved = nextRotation(added.secrets, fixed)
    expect(moved).toMatchObject({ step: 'move-first', keyIds: ['k2'] })
    expect(ids(moved.secrets)).toEqual(['k2', 'k1'])
    const removed = nextRotation(moved.secrets, fixed)
    expect(removed).toMatchObject({ step: 'remove', keyIds: ['k1'] })
    expect(ids(removed.secrets)).toEqual(['k2'])
  })

  it('changes no material on the way', () => {
    const { secrets } = nextRotation(nextRotation('k9:nine', fixed).secrets, fixed)
    expect(readRing(secrets)).toContainEqual({ id: 'k9', material: 'nine' })
    expect(readRing(secrets)[0]).toEqual({
      id: 'k10',
      material: Buffer.from(fixed(32)).toString('base64url'),
    })
  })

  it('makes the first key where there is none', () => {
    expect(ids(nextRotation('', fixed).secrets)).toEqual(['k1'])
  })

  it('takes another key each time', () => {
    expect(nextRotation('k1:one').secrets).not.toBe(nextRotation('k1:one').secrets)
  })
})

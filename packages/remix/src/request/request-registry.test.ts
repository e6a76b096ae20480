import { describe, expect, it } from 'vitest'
import { createOfflineSigra } from '../testing-only/offline-sigra.ts'
import { enterRequest } from './enter-request.ts'
import { findState, HANDLE_HEADER, registerState, releaseState, runWithState } from './request-registry.ts'

const { sigra } = createOfflineSigra()
const requestOf = (cookie: string, headers: Record<string, string> = {}) =>
  new Request('https://app.test/', { headers: { cookie, ...headers } })

describe('findState', () => {
  it('finds a request by itself, and its copies by what they run inside', () => {
    const request = requestOf('a=1')
    const context = {}
    const state = enterRequest(sigra.edge, { request })
    expect(findState(request, null)).toBe(state)
    expect(runWithState(state, context, () => findState(requestOf('a=1'), context))).toBe(state)
    expect(findState(requestOf('a=1'), context)).toBeNull()
  })

  it('SESS-06: gives nobody the state of another, where a host shares one context between requests', () => {
    const context = {}
    const ada = enterRequest(sigra.edge, { request: requestOf('__Host-sid=ada') })
    runWithState(ada, context, () => {
      expect(findState(requestOf('__Host-sid=eve'), context)).toBeNull()
      expect(findState(new Request('https://app.test/'), context)).toBeNull()
      expect(findState(requestOf('__Host-sid=ada'), {})).toBeNull()
    })
  })

  it('finds a copy of a wrapped request by its handle, as long as the request lasts', () => {
    const state = enterRequest(sigra.edge, { request: requestOf('a=1') })
    const handle = registerState(state)
    const copy = new Request(requestOf('a=1', { [HANDLE_HEADER]: handle }))
    expect(findState(copy, null)).toBe(state)
    releaseState(handle)
    expect(findState(copy, null)).toBeNull()
  })
})

import { describe, expect, it } from 'vitest'
import { createOfflineSigra } from '../testing-only/offline-sigra.ts'
import { enterRequest } from './enter-request.ts'
import { findState, HANDLE_HEADER, registerState, releaseState, rememberState } from './request-registry.ts'

const { sigra } = createOfflineSigra()
const requestOf = (cookie: string, headers: Record<string, string> = {}) =>
  new Request('https://app.test/', { headers: { cookie, ...headers } })

describe('findState', () => {
  it('finds a request by itself, and by the context a framework hands on', () => {
    const request = requestOf('a=1')
    const context = {}
    const state = enterRequest(sigra.edge, { request })
    rememberState(state, request, context)
    expect(findState(request, null)).toBe(state)
    expect(findState(requestOf('a=1'), context)).toBe(state)
  })

  it('SESS-06: gives nobody the state of another, where a host shares one context between requests', () => {
    const context = {}
    const request = requestOf('__Host-sid=ada')
    rememberState(enterRequest(sigra.edge, { request }), request, context)
    expect(findState(requestOf('__Host-sid=eve'), context)).toBeNull()
    expect(findState(new Request('https://app.test/'), context)).toBeNull()
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

import { ServerResponse, IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { showInBrowser } from './show-in-browser.ts'

afterEach(() => vi.restoreAllMocks())

it('shows the overlay of Vite, with a stack that is fixed and cannot end the script', () => {
  const log = vi.spyOn(console, 'error').mockReturnValue()
  const request = new IncomingMessage(new Socket())
  const response = new ServerResponse(request)
  let body = ''
  vi.spyOn(response, 'end').mockImplementation((text) => {
    body = String(text)
    return response
  })
  const error = new Error('</script><b>')
  const show = showInBrowser({ ssrFixStacktrace: (each) => (each.stack = 'app/sigra.server.ts:3') })
  show(error, request, response, () => {})
  expect(response.statusCode).toBe(500)
  expect(body).toContain('app/sigra.server.ts:3')
  expect(body.match(/<\/script>/g)).toHaveLength(1)
  expect(log).toHaveBeenCalledWith(error)
})

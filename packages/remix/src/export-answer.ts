import type { ExportPieces } from '@sigra/mikro-orm'
import { takeHeaders } from './request/answer-headers.ts'
import type { RequestState } from './request/request-state.ts'

/** A file to download: each piece is read when the browser has taken the one before, and nothing is read for whoever left. */
export function answerExport(state: RequestState, pieces: ExportPieces): Response {
  const headers = state.hasMiddleware ? new Headers() : takeHeaders(state)
  headers.set('Content-Type', 'application/json; charset=utf-8')
  headers.set('Content-Disposition', 'attachment; filename="account-data.json"')
  headers.set('Cache-Control', 'no-store')
  const encoder = new TextEncoder()
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const piece = await pieces.next()
        if (piece === null) controller.close()
        else controller.enqueue(encoder.encode(piece))
      },
      cancel: () => pieces.stop(),
    },
    { highWaterMark: 0 },
  )
  return new Response(body, { headers })
}

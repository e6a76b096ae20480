import { checkReadiness } from '@sigra/mikro-orm'
import type { Edge } from './edge.ts'
import { jsonAnswer } from './json-answer.ts'

/** For load balancers and supervisors. Answers JSON without versions or secrets. */
export interface Health {
  /** 200 while the process answers. */
  live(args?: unknown): Response
  /** 200, or 503 while the database is away or migrations are missing. */
  ready(args?: unknown): Promise<Response>
}

export function createHealth(edge: Edge): Health {
  return {
    live: () => answer(200, { status: 'ok' }),
    async ready() {
      const readiness = await checkReadiness(edge.runtime)
      const isReady = readiness.database === 'up' && readiness.migrations !== 'pending'
      return answer(isReady ? 200 : 503, { status: isReady ? 'ok' : 'unavailable', ...readiness })
    },
  }
}

function answer(status: number, body: object): Response {
  return jsonAnswer(body, { status, headers: { 'Cache-Control': 'no-store' } })
}

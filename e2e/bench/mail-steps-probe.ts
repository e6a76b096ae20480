import { channel } from 'node:diagnostics_channel'
import { createRequire } from 'node:module'
import { Client } from 'pg'

const STEPS: [name: string, text: RegExp][] = [
  ['begin', /^begin/i],
  ['commit', /^commit/i],
  ['lock and charge', /recipient as materialized/],
  ['store the token', /judged as materialized/],
  ['audit log', /insert into \S*audit_events/],
  ['take jobs', /graphile_worker.*(?:locked_at|get_job)/is],
  ['complete the job', /delete from .*_private_jobs/is],
]
const OTHER = 'other statements'

/** Milliseconds spent so far, by step. Statements stand for themselves; `deliver` is the whole of it, sending included. */
export interface StepTimes {
  [step: string]: number
}

/** Watches every statement of this process and every delivery. To be started before the first of either. */
export function watchSteps(): StepTimes {
  const times: StepTimes = {}
  const add = (step: string, since: number) => (times[step] = (times[step] ?? 0) + performance.now() - since)
  // The queue's driver, and MikroORM's, which may be a copy of its own.
  const copy: { Client: typeof Client } = createRequire(import.meta.resolve('@mikro-orm/postgresql'))('pg')
  for (const { prototype } of new Set([Client, copy.Client])) {
    const query = Reflect.get(prototype, 'query')
    Reflect.set(prototype, 'query', function (this: Client, ...given: unknown[]) {
      const since = performance.now()
      const result: unknown = Reflect.apply(query, this, given)
      return result instanceof Promise ? result.finally(() => add(nameOf(given[0]), since)) : result
    })
  }
  channel('tracing:sigra:mail.deliver:asyncEnd').subscribe((trace) => {
    times['deliver'] = (times['deliver'] ?? 0) + Number(Object(trace)['durationMilliseconds'])
  })
  return times
}

function nameOf(query: unknown): string {
  const text = typeof query === 'string' ? query : String(Object(query)['text'])
  return STEPS.find(([, pattern]) => pattern.test(text))?.[0] ?? OTHER
}

import { tracingChannel } from 'node:diagnostics_channel'
import { type AreaChannel, areaChannels } from '../areas.ts'

const ownMeanings = {
  'auth.register':
    'A registration, whatever it came to: the outcome tells nobody whether the address was free',
  'auth.log_in': 'A log-in by password',
  'auth.log_out': 'A log-out',
  'auth.confirm': 'A confirmation by link or code, a new password for it, or “I didn’t register”',
  'auth.confirm_request': 'Somebody asked for another confirmation email',
  'auth.reset_request': 'Somebody asked for a reset link',
  'auth.reset': 'A password was reset by its link',
  'auth.magic_link_request': 'Somebody asked for a magic link',
  'auth.magic_link': 'A log-in by magic link or its code',
  'auth.not_me': 'An owner said “This wasn’t me” by the link in a notice',
  'session.resolve': 'The one session lookup of a request',
  'session.revoke': 'Sessions were ended from elsewhere',
  'session.sudo': 'Somebody proved again who they are',
  'mfa.enroll': 'A second factor was set up',
  'mfa.challenge': 'A second factor was asked for at a log-in',
  'mfa.disable': 'A second factor was taken away',
  'account.email_change': 'A change of address was asked for, approved, confirmed or cancelled, or not',
  'account.consent': 'Documents were accepted, or not',
  'account.delete': 'The deletion of an account was asked for or taken back, or not',
  'account.export': 'Somebody began to download what is kept about them',
  'mail.deliver': 'One attempt to send one email, in the worker',
  'sweep.run': 'A nightly sweep, in the worker',
} as const

export type FlowName = keyof typeof ownMeanings | AreaChannel

/** For the guides: what ends when the channel's `asyncEnd` is heard. */
export const flowMeanings: Readonly<Record<FlowName, string>> = { ...ownMeanings, ...areaChannels }

/** One tracing channel each, `sigra:` before the name. Names are public: added, never renamed. */
export const flowNames: readonly FlowName[] = Object.keys(flowMeanings).filter(isFlowName)

function isFlowName(name: string): name is FlowName {
  return Object.hasOwn(flowMeanings, name)
}

/** What subscribers get: the same object at start and end. Nothing a visitor typed, no result, no message. */
export interface FlowTrace {
  flow: FlowName
  requestId: string | null
  /** Since the start, at `asyncEnd` and `error`. */
  durationMilliseconds: number | null
  /** `success`, an outcome such as `signed-in`, a refusal's reason, or `error`. */
  outcome: string | null
  /** Name and code of what was thrown, never its message. */
  error: { name: string; code: string | null } | null
}

/**
 * Publishes a flow on `sigra:<name>`: `start` before, `asyncEnd` when all is done, so after its transaction has
 * committed or rolled back.
 */
export async function traceFlow<T>(
  flow: FlowName,
  source: { requestId: string } | null,
  work: () => Promise<T>,
): Promise<T> {
  const channel = tracingChannel<FlowTrace, FlowTrace>(`sigra:${flow}`)
  if (!channel.hasSubscribers) return work()

  const requestId = source?.requestId ?? null
  const trace: FlowTrace = { flow, requestId, durationMilliseconds: null, outcome: null, error: null }
  const startedAt = performance.now()
  // The order of `tracePromise`, which itself would hand subscribers the flow's result.
  return channel.start.runStores(trace, async () => {
    const running = work()
    channel.end.publish(trace)
    try {
      const result = await running
      trace.outcome = outcomeOf(result)
      return result
    } catch (error) {
      trace.outcome = 'error'
      trace.error = describe(error)
      channel.error.publish(trace)
      throw error
    } finally {
      trace.durationMilliseconds = performance.now() - startedAt
      channel.asyncStart.publish(trace)
      channel.asyncEnd.publish(trace)
    }
  })
}

function outcomeOf(result: unknown): string {
  if (result === null) return 'none'
  if (typeof result !== 'object' || result === undefined) return 'success'
  if ('reason' in result && typeof result.reason === 'string') return result.reason
  if ('outcome' in result && typeof result.outcome === 'string') return result.outcome
  return 'success'
}

function describe(error: unknown): { name: string; code: string | null } {
  if (!(error instanceof Error)) return { name: 'unknown', code: null }
  return { name: error.name, code: 'code' in error && typeof error.code === 'string' ? error.code : null }
}

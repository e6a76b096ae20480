import {
  type DisputeResult,
  disputeUserEvent,
  listUserActivity,
  type UserActivityPage,
} from '@sigra/mikro-orm'
import type { Edge } from './edge.ts'
import type { RequestArgs } from './request/request-args.ts'
import { createFlowRunner } from './run-flow.ts'

/** What happened to the signed-in user's account. */
export interface OwnActivity {
  /** 25 lines, the newest first. @param input.before As the page before said. */
  listUserActivity(args: RequestArgs, input?: { before?: unknown }): Promise<UserActivityPage>
  /** Mails the owner "This wasn't me" for something they do not recognize, and does nothing else. */
  disputeUserEvent(args: RequestArgs, input: { eventId: unknown }): Promise<DisputeResult>
}

export function createOwnActivity(edge: Edge): OwnActivity {
  const { look, act } = createFlowRunner(edge)
  return {
    listUserActivity: (args, input) => look(args, (rt, caller) => listUserActivity(rt, caller, input)),
    disputeUserEvent: (args, input) => act(args, (rt, caller) => disputeUserEvent(rt, caller, input)),
  }
}

import type { FlowCall } from './flow-call.ts'
import { flowCalls } from './flow-calls.ts'
import { heldCalls } from './held-calls.ts'

export type ChangingCall = Pick<FlowCall, 'call' | 'arrange'>

/** Every flow that changes something: those in somebody's name as they are held back elsewhere, then the others. */
export const changingCalls: ChangingCall[] = [
  ...Object.entries(heldCalls).map(([call, arrange]): ChangingCall => ({
    call,
    async arrange(test) {
      const { browser, run } = await arrange(test)
      return { run: (caller) => run(test.runtime, caller), hidden: [], from: browser }
    },
  })),
  ...flowCalls.filter(({ call }) => !(call in heldCalls)),
]

/** The flow of a call: "logInUser, refused" is one of `logInUser`. */
export function flowOf(call: string): string {
  return call.split(',', 1)[0] ?? call
}

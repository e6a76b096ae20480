import type { FlowName } from '../telemetry/trace-flow.ts'
import type { ArrangeHeldCall } from './held-call.ts'
import type { TestCaller } from './test-caller.ts'
import type { TestRuntime } from './test-runtime.ts'

/** A call that publishes a flow. */
export interface FlowCall {
  flow: FlowName
  call: string
  arrange(test: TestRuntime): Promise<ArrangedCall>
  outcome: string
  /** Flows of no request have no id of one. */
  isOfRequest?: false
}

interface ArrangedCall {
  run: (caller: TestCaller) => Promise<unknown>
  /** What is secret or personal in the call. */
  hidden: string[]
  /** The browser before the flow. */
  from?: TestCaller
}

/** A call in somebody's name, as it is where nobody holds it back. */
export async function arrangeHeld(
  test: TestRuntime,
  arrange: ArrangeHeldCall,
  hidden: string[] = [],
): Promise<ArrangedCall> {
  const { user, browser, run } = await arrange(test)
  return { run: (caller) => run(test.runtime, caller), hidden: [user.email, ...hidden], from: browser }
}

import type { FlowDeclaration } from '../flows/define-flow.ts'
import * as library from '../index.ts'

const exported: unknown[] = Object.values(library)

/** What every flow that this package exports says of itself. */
export const declaredFlows: readonly FlowDeclaration[] = exported
  .filter(isFlow)
  .map(({ declaration }) => declaration)

/** What a flow of this name says of itself; `undefined` for what is none. */
export function findDeclaration(name: string): FlowDeclaration | undefined {
  return declaredFlows.find((flow) => flow.name === name)
}

function isFlow(value: unknown): value is { declaration: FlowDeclaration } {
  return typeof value === 'function' && 'declaration' in value
}

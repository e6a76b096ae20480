import type { EditContext, HostEdit } from './edit.ts'

/** Every edit an app in this state needs, in the order they are made. */
export function hostEdits(context: EditContext): HostEdit[] {
  if (!context.state.features.includes('accounts')) return []
  return []
}

import type { ReactNode } from 'react'

/** A part of a sentence for screen readers alone, which hear a button without what stands around it. */
export function hidden(text: string): ReactNode {
  return <span className="visually-hidden">{text}</span>
}

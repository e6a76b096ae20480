import type { ReactNode } from 'react'

interface AskFirstProps {
  /** Of the button that opens the question. */
  label: ReactNode
  question: ReactNode
  /** The button that does it, in its form. */
  children: ReactNode
}

/** What cannot be taken back is asked about first. The browser itself opens the question: without script, too. */
export function AskFirst({ label, question, children }: AskFirstProps) {
  return (
    <details className="ask">
      <summary className="button button-danger">{label}</summary>
      <div className="ask-question">
        <p>{question}</p>
        {children}
      </div>
    </details>
  )
}

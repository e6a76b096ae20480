import { createContext, useCallback, useContext, useEffect, useRef, useState } from 'react'
import { Form as RouterForm, useNavigation, type FormProps } from 'react-router'

/** Whoever stopped the browser may press again after this long. */
const LONGEST_MILLISECONDS = 10_000

/** A form of this page is on its way: another submission would take the place of its answer. */
let isUnderWay = false

const SentIntent = createContext<string | null>(null)

/** The button this form is being sent by: its value, `''` for one without, `null` while nothing is under way. */
export function useSentIntent(): string | null {
  return useContext(SentIntent)
}

/** A form that is sent once: until its answer is there, Enter and further presses do nothing. */
export function Form({ onSubmit, children, ...props }: FormProps) {
  const { state } = useNavigation()
  const wasBusy = useRef(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [intent, setIntent] = useState<string | null>(null)

  const release = useCallback(() => {
    clearTimeout(timer.current)
    isUnderWay = false
    setIntent(null)
  }, [])

  useEffect(() => {
    if (wasBusy.current && state === 'idle') release()
    wasBusy.current = state !== 'idle'
  }, [state, release])

  useEffect(() => {
    // The back button shows the page as it was when the form was sent.
    const onPageShow = (event: PageTransitionEvent) => event.persisted && release()
    window.addEventListener('pageshow', onPageShow)
    return () => {
      window.removeEventListener('pageshow', onPageShow)
      clearTimeout(timer.current) // or it lets the form of a later page be sent twice
      isUnderWay = false
    }
  }, [release])

  const send: NonNullable<FormProps['onSubmit']> = (event) => {
    if (isUnderWay) return event.preventDefault()
    onSubmit?.(event)
    if (event.defaultPrevented) return
    isUnderWay = true
    setIntent(intentOf(event.nativeEvent))
    if (props.reloadDocument) timer.current = setTimeout(release, LONGEST_MILLISECONDS)
  }

  return (
    <RouterForm {...props} onSubmit={send}>
      <SentIntent value={intent}>{children}</SentIntent>
    </RouterForm>
  )
}

function intentOf(event: Event): string {
  const button = event instanceof SubmitEvent ? event.submitter : null
  return button instanceof HTMLButtonElement ? button.value : ''
}

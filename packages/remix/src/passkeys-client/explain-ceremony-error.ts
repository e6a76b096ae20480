/** Why a ceremony came to nothing. */
export type CeremonyProblem =
  /** Closed by its person, or it took too long: browsers do not tell which. */
  | 'cancelled'
  | 'already-registered'
  | 'wrong-domain'
  | 'not-supported'
  /** Another ceremony took its place, or the page was left. Nothing to say. */
  | 'aborted'
  | 'unreachable'
  | 'failed'

/** Why there is nothing to go on with; or the server said no, in a sentence of the app's own. */
export type CeremonyFailure =
  { ok: false; reason: CeremonyProblem } | { ok: false; reason: 'refused'; message: string }

const problems: Readonly<Record<string, CeremonyProblem>> = {
  NotAllowedError: 'cancelled',
  TimeoutError: 'cancelled',
  InvalidStateError: 'already-registered',
  SecurityError: 'wrong-domain',
  NotSupportedError: 'not-supported',
  ConstraintError: 'not-supported', // it cannot keep a passkey, or not verify its owner
  AbortError: 'aborted',
}

/** What it means that a browser throws; nothing of the error itself is handed on. */
export function explainCeremonyError(error: unknown): CeremonyFailure {
  const name = error instanceof Error ? error.name : ''
  const reason = Object.hasOwn(problems, name) ? problems[name] : undefined
  return failure(reason ?? 'failed')
}

export function failure(reason: CeremonyProblem): CeremonyFailure {
  return { ok: false, reason }
}

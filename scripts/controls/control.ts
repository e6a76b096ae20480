/** A fixed decision of the security design, and what switches it off. */
export interface Control {
  /** Its number there. */
  row: number
  control: string
  mutants: readonly Mutant[]
}

/** One way to switch a control off. */
export interface Mutant {
  name: string
  file: string
  /** Each is the text that is there exactly once, and what stands in its place. */
  edits: readonly (readonly [from: string, to: string])[]
  /** Test files that must go red then. */
  tests: readonly string[]
}

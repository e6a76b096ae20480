/** What guards give. A host's interface extends it by the columns that `sessionUser` names. */
export interface SigraUser {
  id: string
  email: string
  confirmedAt: Date | null
}

/** What one run of an area came to. */
export interface AreaDeletions {
  deleted: number
  failed: number
  /** There are more than one run takes, and it went on with some: another is to follow at once. */
  more: boolean
}

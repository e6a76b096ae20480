/** What the page “Recent activity” says of an event, by what came of it. What has no sentence of its own was done and says “refused”. */
export interface ActivityWords {
  done?: string
  /** A log-in that a further step was asked for. */
  waiting?: string
  refused?: string
}

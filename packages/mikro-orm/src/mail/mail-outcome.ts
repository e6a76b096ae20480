import type { MailEnvelope } from './mail-envelope.ts'
import type { MailKind } from './mail-kinds.ts'
import type { MailProps } from './mail-props.ts'

/** What a template needs. Drafting the same payload for the same reader again gives the same one, byte for byte. */
export interface DraftedMail<Kind extends MailKind = MailKind> extends MailEnvelope {
  kind: Kind
  props: MailProps[Kind]
}

/** `drop`: nobody is to get it any more, and why. `retry`: this process cannot know yet. */
export type Draft = { draft: DraftedMail } | { drop: string } | { retry: string }

/** Where a mail goes; or `drop`: nobody is to get it any more, and why; or `retry`: this process cannot know yet. */
export type Admission = { to: string } | { drop: string } | { retry: string }

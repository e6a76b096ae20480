import { z } from 'zod'
import { words as accounts } from '../accounts/words.ts'
import { words } from './words.ts'

const { missing } = words
const name = z.string({ error: missing.name })
const slug = z.string({ error: missing.slug })
/** The id of the organization that the page showed: its form changes no other. */
const shown = z.string().optional()

export const OrganizationsSchema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('create'), name, slug }),
  z.object({ intent: z.literal('restore'), organizationId: z.string() }),
  z.object({ intent: z.literal('accept'), invitationId: z.string() }),
  z.object({ intent: z.literal('decline'), invitationId: z.string() }),
  z.object({ intent: z.literal('join'), organizationId: z.string() }),
])

export const SwitchSchema = z.object({ slug: z.string(), redirectTo: z.string().optional() })

export const OrganizationSettingsSchema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('rename'), shown, name }),
  z.object({ intent: z.literal('change-slug'), shown, slug }),
  z.object({ intent: z.literal('leave'), shown }),
  z.object({ intent: z.literal('delete'), shown, confirmation: z.string({ error: missing.slug }) }),
])

export const MembersSchema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('role'), shown, memberId: z.string(), role: z.string() }),
  z.object({ intent: z.literal('remove'), shown, memberId: z.string() }),
])

export const InvitationsSchema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('invite'), shown, emails: z.string().default(''), role: z.string() }),
  z.object({ intent: z.enum(['resend', 'revoke']), shown, invitationId: z.string() }),
])

const f = z.string({ error: accounts.linkProblem.outdated })

export const InvitationSchema = z.discriminatedUnion('intent', [
  z.object({ intent: z.enum(['accept', 'decline', 'log-out']), f }),
  z.object({
    intent: z.literal('register'),
    f,
    password: z.string({ error: accounts.missing.newPassword }),
    documents: z.string().optional(),
  }),
])

export const TransferSchema = z.object({ shown, memberId: z.string(), confirmation: slug })

export const UndoTransferSchema = z.object({ f: z.string({ error: accounts.linkProblem.outdated }) })

export const DomainsSchema = z.discriminatedUnion('intent', [
  z.object({
    intent: z.literal('add'),
    shown,
    domain: z.string({ error: missing.domain }),
    mode: z.enum(['offer', 'auto']).default('offer'),
  }),
  z.object({ intent: z.enum(['check', 'remove']), shown, domainId: z.string() }),
])

const checked = z.boolean().default(false)

export const PolicySchema = z.object({
  intent: z.enum(['check', 'save']),
  shown,
  // What is left out is not asked for.
  secondFactorInDays: z.number().optional(),
  maxSessionMinutes: z.number().optional(),
  'by-pwd': checked,
  'by-email': checked,
  'by-otp': checked,
  'by-pop': checked,
  'by-user': checked,
})
export type PolicyFields = z.infer<typeof PolicySchema>

export const EnterSchema = z.object({ intent: z.enum(['log-in', 'turn-off', 'leave']), shown })

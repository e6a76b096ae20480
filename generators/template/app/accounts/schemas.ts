import { z } from 'zod'
import { words } from './words.ts'

// What a form may send; anything else is dropped. Whether an address or a password is acceptable is decided by the
// library, with the limits and lists of `policy` in sigra.server.ts.
const { missing } = words
const email = z.string({ error: missing.email })
const password = z.string({ error: missing.password })
const newPassword = z.string({ error: missing.newPassword })
const passwordConfirmation = z.string({ error: missing.repeatedPassword })
const isRepeated = (input: { password: string; passwordConfirmation: string }) =>
  input.password === input.passwordConfirmation
const differs = { path: ['passwordConfirmation'], error: missing.differentPasswords }
const sixDigits = z.string({ error: missing.code })
const redirectTo = z.string().optional()
const documents = z.string().optional()
const f = z.string({ error: words.linkProblem.outdated })

export const RegisterSchema = z.object({ email, password: newPassword, documents, redirectTo })
export type RegisterInput = z.infer<typeof RegisterSchema>

export const LogInSchema = z.discriminatedUnion('intent', [
  z.object({
    intent: z.literal('password').optional(),
    email,
    password,
    rememberMe: z.boolean().default(false),
    redirectTo,
    device: z.string().optional(),
  }),
  z.object({ intent: z.literal('magic-link'), email, redirectTo }),
])

export const LogInContinueSchema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('link').optional(), f }),
  z.object({ intent: z.literal('code'), email, code: sixDigits }),
])

// The page knows the address of whoever has just typed it; only who comes later types it here.
export const ConfirmSchema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('code').optional(), email: email.optional(), code: sixDigits }),
  z.object({ intent: z.literal('resend'), email: email.optional() }),
])

export const ConfirmContinueSchema = z.discriminatedUnion('intent', [
  // The password is asked for in another browser than the one that registered.
  z.object({ intent: z.literal('confirm').optional(), f, password: z.string().optional() }),
  z
    .object({ intent: z.literal('new-password'), f, password: newPassword, passwordConfirmation })
    .refine(isRepeated, differs),
  z.object({ intent: z.literal('not-mine'), f }),
])

export const ResetPasswordSchema = z.object({ email })

export const ResetPasswordContinueSchema = z
  .object({ f, password: newPassword, passwordConfirmation })
  .refine(isRepeated, differs)

export const NotMeContinueSchema = z.object({ f })

const chosenPassword = z.object({ password: newPassword, passwordConfirmation })

export const SettingsSchema = z.discriminatedUnion('intent', [
  chosenPassword
    .extend({ intent: z.literal('change-password'), currentPassword: z.string().optional() })
    .refine(isRepeated, differs),
  chosenPassword.extend({ intent: z.literal('set-password') }).refine(isRepeated, differs),
])

export const ChangePasswordSchema = chosenPassword.extend({ redirectTo }).refine(isRepeated, differs)

export const SettingsEmailSchema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('change'), email, distrustOld: z.boolean().default(false) }),
  z.object({ intent: z.literal('code'), code: sixDigits }),
  z.object({ intent: z.literal('resend') }),
  z.object({ intent: z.literal('cancel') }),
])

export const ChangeEmailContinueSchema = z.object({ intent: z.enum(['confirm', 'approve']), f })

export const ConsentSchema = z.object({ intent: z.literal('accept'), documents, redirectTo })

export const SettingsDataSchema = z.object({
  intent: z.literal('delete'),
  confirmation: z.string({ error: missing.email }),
})

export const ReactivationSchema = z.object({ intent: z.literal('keep'), redirectTo })

export const ExportSchema = z.object({ intent: z.literal('export') })

export const SessionsSchema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('revoke'), sessionId: z.string() }),
  z.object({ intent: z.literal('revoke-others') }),
  z.object({ intent: z.literal('revoke-all') }),
])

export const ActivitySchema = z.object({ intent: z.literal('dispute'), eventId: z.string() })

export const SudoSchema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('password'), password, redirectTo }),
  z.object({ intent: z.literal('code'), code: sixDigits, redirectTo }),
  z.object({ intent: z.literal('mailed-code'), code: sixDigits, redirectTo }),
  z.object({ intent: z.literal('send-code') }),
  z.object({
    intent: z.literal('recovery'),
    backupCode: z.string({ error: missing.backupCode }),
    password: z.string().optional(),
    mailedCode: z.string().optional(),
  }),
])

export const MfaSchema = z
  .object({
    code: z.string().optional(),
    backupCode: z.string().optional(),
    trustBrowser: z.boolean().default(false),
  })
  .refine((input) => input.code !== undefined || input.backupCode !== undefined, {
    path: ['code'],
    error: missing.code,
  })

export const MfaEnrollSchema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('enroll') }),
  z.object({ intent: z.literal('activate'), code: sixDigits }),
  z.object({ intent: z.literal('issue-codes') }),
])

export const SettingsMfaSchema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('enroll') }),
  z.object({ intent: z.literal('activate'), code: sixDigits }),
  z.object({ intent: z.literal('disable') }),
  z.object({ intent: z.literal('regenerate-codes') }),
  z.object({ intent: z.literal('require-second-step') }),
  z.object({ intent: z.literal('allow-one-step') }),
])

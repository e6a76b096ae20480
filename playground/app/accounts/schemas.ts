import { z } from 'zod'

// What a form may send; anything else is dropped. Whether an address or a password is acceptable is decided by the
// library, with the limits and lists of `policy` in sigra.server.ts.
const email = z.string({ error: 'Enter your email address.' })
const password = z.string({ error: 'Enter your password.' })
const newPassword = z.string({ error: 'Choose a password.' })
const passwordConfirmation = z.string({ error: 'Type the password once more.' })
const isRepeated = (input: { password: string; passwordConfirmation: string }) =>
  input.password === input.passwordConfirmation
const differs = { path: ['passwordConfirmation'], error: 'The two passwords differ.' }
const f = z.string({ error: 'This page is out of date.' })

export const RegisterSchema = z.object({ email, password: newPassword })
export type RegisterInput = z.infer<typeof RegisterSchema>

export const LogInSchema = z.object({
  email,
  password,
  rememberMe: z.boolean().default(false),
  redirectTo: z.string().optional(),
})
export type LogInInput = z.infer<typeof LogInSchema>

export const ConfirmSchema = z.discriminatedUnion('intent', [
  z.object({
    intent: z.literal('code').optional(),
    email,
    code: z.string({ error: 'Enter the six digits.' }),
  }),
  z.object({ intent: z.literal('resend'), email }),
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

export const ChangePasswordSchema = chosenPassword
  .extend({ redirectTo: z.string().optional() })
  .refine(isRepeated, differs)

export const SessionsSchema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('revoke'), sessionId: z.string() }),
  z.object({ intent: z.literal('revoke-others') }),
  z.object({ intent: z.literal('revoke-all') }),
])

export const SudoSchema = z.object({ password, redirectTo: z.string().optional() })

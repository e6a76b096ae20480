import { z } from 'zod'

/** What a page's script posts after a ceremony: the browser's own words, and what the page adds. */
export const PasskeyAnswerSchema = z.object({
  response: z.unknown(),
  redirectTo: z.string().optional(),
  rememberMe: z.boolean().optional(),
  trustBrowser: z.boolean().optional(),
})
export type PasskeyAnswer = z.infer<typeof PasskeyAnswerSchema>

export const PasskeySchema = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('rename'), nickname: z.string().default('') }),
  z.object({ intent: z.literal('remove') }),
])

import type { RequestArgs, SignInSuccess } from '@sigra/remix'
import { afterLogIn } from '~/after-log-in.server'
import { sigra } from '~/sigra.server'

/** A page on the way: its path, or `null` where it has nothing to say to this person. */
export type AfterLogIn = (args: RequestArgs, way: OnTheWay) => Promise<string | null>

interface OnTheWay {
  /** Where they are going, checked. The page leads there. */
  path: string
  /** What a script of the log-in page found out about the device; anybody can say it. */
  device?: string | undefined
}

/** To the first page of the list that has something to say, else to where somebody wanted to go. */
export async function goOn(
  args: RequestArgs,
  { outcome, path, redirect }: SignInSuccess,
  device?: string,
): Promise<Response> {
  if (outcome !== 'signed-in') return redirect() // the door asks for another step first
  for (const ask of Object.values(afterLogIn)) {
    const page = await ask(args, { path, device })
    if (page !== null) return sigra.redirect(args, page)
  }
  return redirect()
}

import { forgetFlash } from '../flash.ts'
import { forgetFlows } from '../mail-flow.ts'
import type { Visit } from './visit.ts'

/**
 * Ends what the person before left in this browser, now that somebody signs out or in: opened links, addresses that
 * were typed, messages for a next page. What other accounts trust the browser by stays: it is good for their sign-ins
 * alone.
 *
 * @param isSamePerson A further step of who was here: their messages stay, and the forms they have just sent.
 */
export function forgetPerson(visit: Visit, isSamePerson: boolean): void {
  forgetFlows(visit, isSamePerson)
  if (!isSamePerson) forgetFlash(visit)
}

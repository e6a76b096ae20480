import { declineInvitation } from '../../organizations/answer-invitation.ts'
import { registerByInvitation } from '../../organizations/register-by-invitation.ts'
import { undoOrganizationTransfer } from '../../organizations/undo-transfer.ts'
import { arrangeHeld, type FlowCall } from '../flow-call.ts'
import { createTestEmail, testPassword as password } from '../test-registration.ts'
import { organizationHeldCalls } from './held-calls.ts'
import { receiveInvitation, sendInvitation } from './test-invitation.ts'
import { receiveTransfer } from './test-transfer.ts'

/** At least one call for every flow of organizations. */
export const organizationFlowCalls: FlowCall[] = [
  {
    flow: 'organization.change',
    call: 'createOrganization',
    outcome: 'success',
    arrange: (test) => arrangeHeld(test, organizationHeldCalls.createOrganization, ['Acme']),
  },
  {
    flow: 'organization.change',
    call: 'undoOrganizationTransfer',
    outcome: 'success',
    async arrange(test) {
      const { giver, token } = await receiveTransfer(test)
      return {
        run: (caller) => undoOrganizationTransfer(test.runtime, caller, { token }),
        hidden: [giver.email, token],
      }
    },
  },
  {
    flow: 'organization.switch',
    call: 'switchOrganization',
    outcome: 'success',
    arrange: (test) => arrangeHeld(test, organizationHeldCalls.switchOrganization),
  },
  {
    flow: 'member.change',
    call: 'removeMember',
    outcome: 'success',
    arrange: (test) => arrangeHeld(test, organizationHeldCalls.removeMember),
  },
  {
    flow: 'invitation.send',
    call: 'inviteMembers',
    outcome: 'success',
    arrange: (test) => arrangeHeld(test, organizationHeldCalls.inviteMembers),
  },
  {
    flow: 'invitation.accept',
    call: 'acceptInvitation',
    outcome: 'success',
    arrange: (test) => arrangeHeld(test, organizationHeldCalls.acceptInvitation),
  },
  {
    flow: 'invitation.accept',
    call: 'declineInvitation',
    outcome: 'success',
    async arrange(test) {
      const { user, token } = await receiveInvitation(test)
      return {
        run: (caller) => declineInvitation(test.runtime, caller, { token }),
        hidden: [user.email, token],
      }
    },
  },
  {
    flow: 'invitation.accept',
    call: 'registerByInvitation',
    outcome: 'signed-in',
    async arrange(test) {
      const email = createTestEmail()
      const { token } = await sendInvitation(test, { email })
      return {
        run: (caller) => registerByInvitation(test.runtime, caller, { token, password }),
        hidden: [email, token, password],
      }
    },
  },
  {
    flow: 'domain.verify',
    call: 'addDomain',
    outcome: 'success',
    arrange: (test) => arrangeHeld(test, organizationHeldCalls.addDomain),
  },
]

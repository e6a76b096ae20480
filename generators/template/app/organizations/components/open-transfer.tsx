// sigra:file organizations
import type { OrganizationTransfer } from '@sigra/remix/organizations'
import { words } from '~/organizations/words'

/** That the organization was handed over, as long as that can be undone. */
export function OpenTransfer({ transfer }: { transfer: OrganizationTransfer }) {
  return <p className="notice">{words.transfer.open(transfer)}</p>
}

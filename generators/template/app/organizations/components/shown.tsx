// sigra:file organizations
/** Says in a form which organization its page showed: where that is another one by now, nothing is changed. */
export function Shown({ organization }: { organization: { id: string } }) {
  return <input type="hidden" name="shown" value={organization.id} />
}

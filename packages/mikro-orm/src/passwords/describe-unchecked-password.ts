import type { AuditEntry } from '../audit/record-audit-event.ts'

/** The audit line of a password that went by the offline list alone; none where the breach query answered. */
export function describeUncheckedPassword(
  { breachCheckUnavailable }: { breachCheckUnavailable: boolean },
  about: Pick<AuditEntry, 'actorId' | 'subjectId'>,
): AuditEntry[] {
  if (!breachCheckUnavailable) return []
  return [{ ...about, action: 'security.breach_check_unavailable', outcome: 'failure' }]
}

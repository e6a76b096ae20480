import type { AuditSource } from '../audit/record-audit-event.ts'

/** Where lines of the audit log come from that no request asked for. */
export const BY_THE_RUN: AuditSource = { clientAddress: null, userAgent: null, requestId: 'worker' }

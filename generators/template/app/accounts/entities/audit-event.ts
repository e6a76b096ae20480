import { defineEntity } from '@mikro-orm/core'
import { auditEventProperties, ofOrganization } from '@sigra/remix/schema'

const AuditEventSchema = defineEntity({
  name: 'AuditEvent',
  tableName: 'audit_events',
  properties: { ...auditEventProperties },
  indexes: [
    { properties: ['actorId', 'occurredAt'] },
    { properties: ['subjectId', 'occurredAt'] },
    { properties: ['action', 'occurredAt'] },
    { properties: ['occurredAt', 'id'] },
    { properties: ['organizationId', 'occurredAt', 'id'], where: ofOrganization },
  ],
})

/** What happened, when, and to whom. Rows are added and read; a trigger refuses everything else. */
export class AuditEvent extends AuditEventSchema.class {}

AuditEventSchema.setClass(AuditEvent)

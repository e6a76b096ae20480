export { auditEventProperties } from './audit-event.ts'
export {
  auditProtectionSql,
  type AuditProtectionOptions,
  dropAuditProtectionSql,
  unloggedSql,
} from './database-objects.ts'
export { bigintKey, uuidKey } from './keys.ts'
export { limitProperties } from './limit.ts'
export { userKnownBrowserProperties } from './user-known-browser.ts'
export { userProperties } from './user.ts'
export { userSessionProperties } from './user-session.ts'
export { userTokenProperties } from './user-token.ts'
export { workerHeartbeatProperties } from './worker-heartbeat.ts'

export {
  auditEventProperties,
  auditProtectionSql,
  bigintKey,
  limitProperties,
  unloggedSql,
  userKnownBrowserProperties,
  userProperties,
  userSessionProperties,
  userTokenProperties,
  uuidKey,
  workerHeartbeatProperties,
} from '@sigra/mikro-orm/schema'

import { AuditEvent } from './audit-event.ts'
import { SigraLimit } from './sigra-limit.ts'
import { SigraWorker } from './sigra-worker.ts'
import { UserKnownBrowser } from './user-known-browser.ts'
import { UserSession } from './user-session.ts'
import { UserToken } from './user-token.ts'
import { User } from './user.ts'

/** By the names the library asks for: `entities` of createSigra. */
export const entities = {
  User,
  UserSession,
  UserToken,
  UserKnownBrowser,
  AuditEvent,
  Limit: SigraLimit,
  WorkerHeartbeat: SigraWorker,
}

/** As a list: `entities` of MikroORM. */
export const sigraEntities = Object.values(entities)

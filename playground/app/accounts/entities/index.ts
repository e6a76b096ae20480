import { organizationEntities } from '../../organizations/entities/index.ts'
import { passkeyEntities } from '../../passkeys/entities/index.ts'
import { AuditEvent } from './audit-event.ts'
import { SigraLimit } from './sigra-limit.ts'
import { SigraWorker } from './sigra-worker.ts'
import { UserAddressHold } from './user-address-hold.ts'
import { UserBackupCode } from './user-backup-code.ts'
import { UserConsent } from './user-consent.ts'
import { UserEmailChange } from './user-email-change.ts'
import { UserKnownBrowser } from './user-known-browser.ts'
import { UserSession } from './user-session.ts'
import { UserToken } from './user-token.ts'
import { UserTotp } from './user-totp.ts'
import { User } from './user.ts'
import { Project } from '../../entities/project.ts'

/** By the names the library asks for: `entities` of createSigra. */
export const entities = {
  User,
  UserSession,
  UserToken,
  UserKnownBrowser,
  UserTotp,
  UserBackupCode,
  UserEmailChange,
  UserAddressHold,
  UserConsent,
  AuditEvent,
  Limit: SigraLimit,
  WorkerHeartbeat: SigraWorker,
}

/** With those of the areas. */
const all = {
  ...entities,
  ...passkeyEntities,
  ...organizationEntities,
  Project,
}

/** As a list: `entities` of MikroORM. */
export const sigraEntities = Object.values(all)

import { type BackupCode, parseBackupCode } from '@sigra/core'

/** What somebody typed as their second factor. A backup code is `null` where it can be none. */
export type TypedCode = { method: 'totp'; code: unknown } | { method: 'backup-code'; code: BackupCode | null }

/** A backup code is looked at instead of the app's where it holds anything. */
export function readTypedCode({ code, backupCode }: { code?: unknown; backupCode?: unknown }): TypedCode {
  return backupCode === undefined || backupCode === null || backupCode === ''
    ? { method: 'totp', code }
    : { method: 'backup-code', code: parseBackupCode(backupCode) }
}

import { type BackupCode, parseBackupCode } from '@sigra/core'

/** What somebody typed as their second factor. A backup code is `null` where it can be none. */
export type TypedCode = { method: 'totp'; code: unknown } | { method: 'backup-code'; code: BackupCode | null }

export interface CodeInput {
  /** Six digits of an authenticator app. */
  code?: unknown
  /** Looked at instead of `code` where it holds anything. */
  backupCode?: unknown
}

export function readTypedCode({ code, backupCode }: CodeInput): TypedCode {
  return backupCode === undefined || backupCode === null || backupCode === ''
    ? { method: 'totp', code }
    : { method: 'backup-code', code: parseBackupCode(backupCode) }
}

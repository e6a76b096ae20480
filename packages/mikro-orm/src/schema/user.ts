import { p } from '@mikro-orm/core'
import { counter, createdAt, hash, instant } from './columns.ts'

/**
 * Columns that only the library has a use for, some of them for areas to come. Typed as nothing: the type-check of an app
 * pays for each.
 */
const untyped: object = {
  /** When the deletion that lies ahead was asked for; null: none does. */
  deletionRequestedAt: instant('deletion_requested_at').nullable(),
  /** The id of whoever asked: the person's own, or an admin's. Text, and no foreign key: it outlives the admin. */
  deletionRequestedBy: p.string().fieldName('deletion_requested_by').length(64).nullable(),
  deletionRemindedAt: instant('deletion_reminded_at').nullable(),
  /** `false`: nobody of the app's staff may act as this person. Null is what the app says for everybody. */
  supportAllowed: p.boolean().fieldName('support_allowed').nullable(),
}

/** Whose deletion lies ahead. */
export const scheduledForDeletion = 'delete_after is not null'

/**
 * The library's columns of the user. Give the entity an `id` (`uuidKey()` or `bigintKey()`), your own columns beside them,
 * and the index `['deleteAfter']` where `scheduledForDeletion` holds; the library writes these only by its own statements.
 */
export const userProperties = {
  /** As typed; mail goes here. */
  email: p.string().length(254),
  /** The identity: see `parseEmail` in the core. Never compare `email`. */
  emailCanonical: p
    .string()
    .fieldName('email_canonical')
    .length(254)
    .unique()
    .check("email_canonical <> '' and octet_length(email_canonical) <= 254"),
  hashedPassword: p.text().fieldName('hashed_password').nullable().hidden().lazy(),
  confirmedAt: instant('confirmed_at').nullable(),
  passwordChangedAt: instant('password_changed_at').nullable(),
  mustChangePassword: p.boolean().fieldName('must_change_password').default(false),
  requireSecondStep: p.boolean().fieldName('require_second_step').default(false),
  disabledAt: instant('disabled_at').nullable(),
  /** From when on the deletion is due. Until then nobody is signed in but to take it back. */
  deleteAfter: instant('delete_after').nullable(),
  /** When what is personal went, where the row itself is kept. */
  deletedAt: instant('deleted_at').nullable(),
  /** When the first session was made, one that waits for a step too: from then on nobody registers this anew. */
  firstSignedInAt: instant('first_signed_in_at').nullable(),
  /** The browser that registered; only there a confirmation keeps the chosen password. */
  registrationBrowserHash: hash('registration_browser_hash').nullable().lazy(),
  /** Failed passwords from browsers unknown to the account. */
  failedPasswordCount: counter('failed_password_count').hidden(),
  /** Wrong mailed codes in a row from the registering browser and those known to the account. */
  failedCodeCount: counter('failed_code_count').hidden(),
  /** The same from all other browsers that asked for a code. */
  unknownFailedCodeCount: counter('unknown_failed_code_count').hidden(),
  failedSecondFactorCount: counter('failed_second_factor_count').hidden(),
  secondFactorWaitUntil: instant('second_factor_wait_until').nullable().hidden(),
  passwordLockedAt: instant('password_locked_at').nullable().hidden(),
  /** WebAuthn user handle: 64 random bytes, made with the first passkey. */
  webauthnUserId: p
    .blob()
    .fieldName('webauthn_user_id')
    .unique()
    .check('octet_length(webauthn_user_id) = 64')
    .nullable()
    .hidden()
    .lazy(),
  createdAt: createdAt(),
  updatedAt: instant('updated_at')
    .defaultRaw('current_timestamp')
    .onUpdate(() => new Date()),
  ...untyped,
}

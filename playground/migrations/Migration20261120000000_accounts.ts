import { Migration } from '@mikro-orm/migrations'

export class Migration20261120000000_accounts extends Migration {
  override name = 'Migration20261120000000_accounts'

  override up(): void {
    this.addSql(
      `create table "audit_events" ("id" uuid not null, "occurred_at" timestamptz not null default current_timestamp, "action" varchar(64) not null, "outcome" varchar(16) not null, "actor_id" varchar(64) null, "actor_kind" varchar(16) null, "effective_id" varchar(64) null, "credential_kind" varchar(32) null, "credential_id" varchar(64) null, "subject_id" varchar(64) null, "target_type" varchar(64) null, "target_id" varchar(64) null, "organization_id" varchar(64) null, "ip" varchar(64) null, "user_agent" varchar(512) null, "request_id" varchar(128) null, "metadata" jsonb not null default '{}', "note" varchar(500) null, "personal_hash" bytea null, primary key ("id"));`,
    )
    this.addSql(
      `create index "audit_events_actor_id_occurred_at_index" on "audit_events" ("actor_id", "occurred_at");`,
    )
    this.addSql(
      `create index "audit_events_subject_id_occurred_at_index" on "audit_events" ("subject_id", "occurred_at");`,
    )
    this.addSql(
      `create index "audit_events_action_occurred_at_index" on "audit_events" ("action", "occurred_at");`,
    )
    this.addSql(`create index "audit_events_occurred_at_id_index" on "audit_events" ("occurred_at", "id");`)
    this.addSql(
      `create index "audit_events_organization_id_occurred_at_id_index" on "audit_events" ("organization_id", "occurred_at", "id") where organization_id is not null;`,
    )

    this.addSql(
      `create table "sigra_limits" ("key" varchar(64) not null, "tokens" double precision not null, "updated_at" timestamptz not null, primary key ("key"));`,
    )
    this.addSql(`create index "sigra_limits_updated_at_index" on "sigra_limits" ("updated_at");`)

    this.addSql(
      `create table "sigra_workers" ("pool_id" varchar(128) not null, "seen_at" timestamptz not null, "areas" text[] not null default '{}', primary key ("pool_id"));`,
    )

    this.addSql(
      `create table "users" ("id" uuid not null, "email" varchar(254) not null, "email_canonical" varchar(254) not null, "hashed_password" text null, "confirmed_at" timestamptz null, "password_changed_at" timestamptz null, "must_change_password" boolean not null default false, "require_second_step" boolean not null default false, "disabled_at" timestamptz null, "deletion_requested_at" timestamptz null, "deletion_requested_by" varchar(64) null, "delete_after" timestamptz null, "deletion_reminded_at" timestamptz null, "deleted_at" timestamptz null, "support_allowed" boolean null, "first_signed_in_at" timestamptz null, "registration_browser_hash" bytea null, "failed_password_count" int not null default 0, "failed_code_count" int not null default 0, "unknown_failed_code_count" int not null default 0, "failed_second_factor_count" int not null default 0, "second_factor_wait_until" timestamptz null, "password_locked_at" timestamptz null, "webauthn_user_id" bytea null, "created_at" timestamptz not null default current_timestamp, "updated_at" timestamptz not null default current_timestamp, primary key ("id"));`,
    )
    this.addSql(
      `alter table "users" add constraint "users_email_canonical_unique" unique ("email_canonical");`,
    )
    this.addSql(
      `alter table "users" add constraint "users_webauthn_user_id_unique" unique ("webauthn_user_id");`,
    )
    this.addSql(
      `create index "users_delete_after_index" on "users" ("delete_after") where delete_after is not null;`,
    )

    this.addSql(
      `create table "user_known_browsers" ("id" uuid not null, "user_id" uuid not null, "browser_hash" bytea not null, "trusted_until" timestamptz null, "trust_hash" bytea null, "trust_family_hash" bytea null, "former_trust_hash" bytea null, "trust_rotated_at" timestamptz null, "credential_fingerprint" bytea null, "passkey_offered_at" timestamptz null, "failed_password_count" int not null default 0, "last_seen_at" timestamptz not null, "created_at" timestamptz not null default current_timestamp, primary key ("id"));`,
    )
    this.addSql(
      `alter table "user_known_browsers" add constraint "user_known_browsers_user_id_browser_hash_unique" unique ("user_id", "browser_hash");`,
    )

    this.addSql(
      `create table "user_sessions" ("id" uuid not null, "user_id" uuid not null, "token_hash" bytea not null, "awaiting" varchar(32) null, "attempts" int not null default 0, "aal" smallint not null default 1, "amr" text[] not null, "authenticated_at" timestamptz not null, "sudo_at" timestamptz null, "sudo_method" varchar(16) null, "remembered" boolean not null default false, "last_seen_at" timestamptz not null, "expires_at" timestamptz not null, "presented_at" timestamptz null, "ip" varchar(64) null, "user_agent" varchar(512) null, "browser_id" bytea null, "active_organization_id" varchar(36) null, "write_until" timestamptz null, "created_at" timestamptz not null default current_timestamp, "impersonator_session_id" uuid null, primary key ("id"));`,
    )
    this.addSql(
      `alter table "user_sessions" add constraint "user_sessions_token_hash_unique" unique ("token_hash");`,
    )
    this.addSql(`create index "user_sessions_expires_at_index" on "user_sessions" ("expires_at");`)
    this.addSql(
      `create index "user_sessions_user_id_last_seen_at_index" on "user_sessions" ("user_id", "last_seen_at");`,
    )
    this.addSql(
      `create index "user_sessions_impersonator_session_id_index" on "user_sessions" ("impersonator_session_id");`,
    )

    this.addSql(
      `create table "users_tokens" ("id" uuid not null, "user_id" uuid not null, "purpose" varchar(32) not null, "key_id" varchar(64) not null, "selector" bytea not null, "token_hash" bytea not null, "sent_to" varchar(254) not null, "redirect_to" varchar(2048) null, "browser_hash" bytea null, "requested_at" timestamptz not null, "attempts" int not null default 0, "expires_at" timestamptz not null, "used_at" timestamptz null, "used_browser_hash" bytea null, "used_form" varchar(16) null, "repeat_count" int not null default 0, "session_id" varchar(36) null, "superseded_at" timestamptz null, "event_id" uuid null, "created_at" timestamptz not null default current_timestamp, primary key ("id"));`,
    )
    this.addSql(
      `alter table "users_tokens" add constraint "users_tokens_selector_unique" unique ("selector");`,
    )
    this.addSql(`create index "users_tokens_expires_at_index" on "users_tokens" ("expires_at");`)
    this.addSql(`create index "users_tokens_user_id_purpose_index" on "users_tokens" ("user_id", "purpose");`)
    this.addSql(
      `alter table "users_tokens" add constraint "users_tokens_purpose_token_hash_unique" unique ("purpose", "token_hash");`,
    )

    this.addSql(
      `create table "user_totp" ("id" uuid not null, "user_id" uuid not null, "sealed_secret" text not null, "pending_secret" text null, "activated_at" timestamptz null, "last_step" int null, "created_at" timestamptz not null default current_timestamp, primary key ("id"));`,
    )
    this.addSql(`alter table "user_totp" add constraint "user_totp_user_id_unique" unique ("user_id");`)

    this.addSql(
      `create table "user_backup_codes" ("id" uuid not null, "user_id" uuid not null, "lookup_prefix" varchar(16) not null, "code_hash" text not null, "used_at" timestamptz null, "created_at" timestamptz not null default current_timestamp, primary key ("id"));`,
    )
    this.addSql(
      `create index "user_backup_codes_user_id_lookup_prefix_index" on "user_backup_codes" ("user_id", "lookup_prefix");`,
    )

    this.addSql(
      `create table "user_address_holds" ("digest" bytea not null, "user_id" uuid null, "key_id" varchar(64) not null, "reason" varchar(32) not null, "held_until" timestamptz not null, primary key ("digest"));`,
    )
    this.addSql(`create index "user_address_holds_user_id_index" on "user_address_holds" ("user_id");`)
    this.addSql(`create index "user_address_holds_held_until_index" on "user_address_holds" ("held_until");`)

    this.addSql(
      `create table "user_consents" ("id" uuid not null, "user_id" uuid not null, "document" varchar(64) not null, "version" varchar(64) not null, "accepted_at" timestamptz not null, primary key ("id"));`,
    )
    this.addSql(
      `alter table "user_consents" add constraint "user_consents_user_id_document_version_unique" unique ("user_id", "document", "version");`,
    )

    this.addSql(
      `create table "user_email_changes" ("id" uuid not null, "user_id" uuid not null, "old_email" varchar(254) not null, "old_email_canonical" varchar(254) not null, "new_email" varchar(254) not null, "new_email_canonical" varchar(254) not null, "old_is_distrusted" boolean not null default false, "suspect_since" timestamptz not null, "requested_at" timestamptz not null, "expires_at" timestamptz not null, "approved_at" timestamptz null, "confirmed_at" timestamptz null, "cancelled_at" timestamptz null, "undo_until" timestamptz null, "undone_at" timestamptz null, primary key ("id"));`,
    )
    this.addSql(
      `create index "user_email_changes_user_id_requested_at_index" on "user_email_changes" ("user_id", "requested_at");`,
    )
    this.addSql(
      `create unique index "user_email_changes_user_id_unique" on "user_email_changes" ("user_id") where confirmed_at is null and cancelled_at is null;`,
    )

    this.addSql(
      `alter table "audit_events" add constraint "audit_events_outcome_check" check (outcome in ('success', 'failure', 'denied'));`,
    )
    this.addSql(
      `alter table "audit_events" add constraint "audit_events_actor_kind_check" check (actor_kind in ('user', 'service-account', 'system', 'host'));`,
    )
    this.addSql(
      `alter table "audit_events" add constraint "audit_events_metadata_check" check (octet_length(metadata::text) <= 8192);`,
    )

    this.addSql(
      `alter table "users" add constraint "users_email_canonical_check" check (email_canonical <> '' and octet_length(email_canonical) <= 254);`,
    )
    this.addSql(
      `alter table "users" add constraint "users_webauthn_user_id_check" check (octet_length(webauthn_user_id) = 64);`,
    )

    this.addSql(
      `alter table "user_known_browsers" add constraint "user_known_browsers_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "user_known_browsers" add constraint "user_known_browsers_browser_hash_check" check (octet_length(browser_hash) = 32);`,
    )

    this.addSql(
      `alter table "user_sessions" add constraint "user_sessions_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "user_sessions" add constraint "user_sessions_impersonator_session_id_foreign" foreign key ("impersonator_session_id") references "user_sessions" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "user_sessions" add constraint "user_sessions_token_hash_check" check (octet_length(token_hash) = 32);`,
    )
    this.addSql(
      `alter table "user_sessions" add constraint "user_sessions_awaiting_check" check (awaiting in ('second-factor', 'enrolment', 'password-change', 'reactivation', 'consent'));`,
    )
    this.addSql(
      `alter table "user_sessions" add constraint "user_sessions_sudo_method_check" check (sudo_method in ('password', 'second-factor', 'passkey', 'email', 'recovery'));`,
    )

    this.addSql(
      `alter table "users_tokens" add constraint "users_tokens_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "users_tokens" add constraint "users_tokens_selector_check" check (octet_length(selector) = 16);`,
    )
    this.addSql(
      `alter table "users_tokens" add constraint "users_tokens_token_hash_check" check (octet_length(token_hash) = 32);`,
    )

    this.addSql(
      `alter table "user_totp" add constraint "user_totp_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "user_backup_codes" add constraint "user_backup_codes_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    )

    this.addSql(
      `alter table "user_address_holds" add constraint "user_address_holds_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete set null;`,
    )
    this.addSql(
      `alter table "user_address_holds" add constraint "user_address_holds_digest_check" check (octet_length(digest) = 32);`,
    )
    this.addSql(
      `alter table "user_consents" add constraint "user_consents_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "user_email_changes" add constraint "user_email_changes_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "user_email_changes" add constraint "user_email_changes_cancelled_at_check" check (confirmed_at is null or cancelled_at is null);`,
    )

    // What MikroORM has no words for. Limits need not survive a crash; the audit log is append-only, and
    // rows younger than 90 days stay, whoever asks.
    this.addSql(`alter table "public"."sigra_limits" set unlogged`)
    this.addSql(`create function "public"."audit_events_protect"() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and old.occurred_at < clock_timestamp() - interval '90 days' then
    return old;
  end if;
  raise exception 'audit events cannot be changed' using errcode = 'insufficient_privilege';
end
$$`)
    this.addSql(
      `create trigger audit_append_only before update or delete on "public"."audit_events" for each row execute function "public"."audit_events_protect"()`,
    )
    this.addSql(
      `create trigger audit_no_truncate before truncate on "public"."audit_events" for each statement execute function "public"."audit_events_protect"()`,
    )
    this
      .addSql(`create function "public"."audit_events_retain"(older_than interval, batch integer) returns integer language plpgsql
security definer set search_path = pg_catalog, pg_temp as $$
declare
  removed integer;
begin
  delete from "public"."audit_events" where id in (
    select id from "public"."audit_events"
    where occurred_at < clock_timestamp() - greatest(older_than, interval '90 days')
    order by occurred_at limit batch
  );
  get diagnostics removed = row_count;
  return removed;
end
$$`)
    this.addSql(`revoke all on function "public"."audit_events_retain"(interval, integer) from public`)
  }

  override down(): void {
    this.addSql(`alter table "user_known_browsers" drop constraint "user_known_browsers_user_id_foreign";`)
    this.addSql(`alter table "user_backup_codes" drop constraint "user_backup_codes_user_id_foreign";`)
    this.addSql(`alter table "user_email_changes" drop constraint "user_email_changes_user_id_foreign";`)
    this.addSql(`alter table "user_address_holds" drop constraint "user_address_holds_user_id_foreign";`)
    this.addSql(`alter table "user_consents" drop constraint "user_consents_user_id_foreign";`)
    this.addSql(`alter table "user_sessions" drop constraint "user_sessions_user_id_foreign";`)
    this.addSql(
      `alter table "user_sessions" drop constraint "user_sessions_impersonator_session_id_foreign";`,
    )
    this.addSql(`alter table "user_totp" drop constraint "user_totp_user_id_foreign";`)
    this.addSql(`alter table "users_tokens" drop constraint "users_tokens_user_id_foreign";`)

    this.addSql(`drop table if exists "audit_events" cascade;`)
    this.addSql(`drop table if exists "sigra_limits" cascade;`)
    this.addSql(`drop table if exists "sigra_workers" cascade;`)
    this.addSql(`drop table if exists "users" cascade;`)
    this.addSql(`drop table if exists "user_known_browsers" cascade;`)
    this.addSql(`drop table if exists "user_backup_codes" cascade;`)
    this.addSql(`drop table if exists "user_email_changes" cascade;`)
    this.addSql(`drop table if exists "user_address_holds" cascade;`)
    this.addSql(`drop table if exists "user_consents" cascade;`)
    this.addSql(`drop table if exists "user_sessions" cascade;`)
    this.addSql(`drop table if exists "user_totp" cascade;`)
    this.addSql(`drop table if exists "users_tokens" cascade;`)
    this.addSql(`drop function if exists "public"."audit_events_retain"(interval, integer)`)
    this.addSql(`drop function if exists "public"."audit_events_protect"() cascade`)
  }
}

import { Migration } from '@mikro-orm/migrations'

export class Migration20261120000001_passkeys extends Migration {
  override name = 'Migration20261120000001_passkeys'

  override up(): void {
    this.addSql(
      `create table "user_passkeys" ("id" uuid not null, "user_id" uuid not null, "credential_id" bytea not null, "public_key" bytea not null, "counter" bigint not null default '0', "aaguid" uuid not null, "transports" text[] not null, "backup_eligible" boolean not null, "backed_up" boolean not null, "nickname" varchar(64) not null, "last_used_at" timestamptz null, "created_at" timestamptz not null default current_timestamp, primary key ("id"));`,
    )
    this.addSql(
      `alter table "user_passkeys" add constraint "user_passkeys_credential_id_unique" unique ("credential_id");`,
    )
    this.addSql(`create index "user_passkeys_user_id_index" on "user_passkeys" ("user_id");`)

    this.addSql(
      `create table "webauthn_spent_challenges" ("challenge_hash" bytea not null, "expires_at" timestamptz not null, primary key ("challenge_hash"));`,
    )
    this.addSql(
      `create index "webauthn_spent_challenges_expires_at_index" on "webauthn_spent_challenges" ("expires_at");`,
    )

    this.addSql(
      `alter table "user_passkeys" add constraint "user_passkeys_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "user_passkeys" add constraint "user_passkeys_credential_id_check" check (octet_length(credential_id) >= 1 and octet_length(credential_id) <= 1023);`,
    )
    this.addSql(
      `alter table "webauthn_spent_challenges" add constraint "webauthn_spent_challenges_challenge_hash_check" check (octet_length(challenge_hash) = 32);`,
    )
  }

  override down(): void {
    this.addSql(`alter table "user_passkeys" drop constraint "user_passkeys_user_id_foreign";`)

    this.addSql(`drop table if exists "user_passkeys" cascade;`)
    this.addSql(`drop table if exists "webauthn_spent_challenges" cascade;`)
  }
}

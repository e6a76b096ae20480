import { Migration } from '@mikro-orm/migrations'

export class Migration20261120000002_organizations extends Migration {
  override name = 'Migration20261120000002_organizations'

  override up(): void {
    this.addSql(
      `create table "organizations" ("id" uuid not null, "name" varchar(64) not null, "slug" varchar(48) not null, "delete_after" timestamptz null, "transfer_undo_until" timestamptz null, "created_at" timestamptz not null default current_timestamp, "transferred_by" varchar(36) null, "transferred_to" varchar(36) null, "transfer_hash" bytea null, "second_factor_from" timestamptz null, "allowed_methods" text[] null, "max_session_minutes" int null, "seat_limit" int null, "support_allowed" boolean not null default true, "personal_tokens" boolean not null default true, "personal_owner_id" uuid null, primary key ("id"));`,
    )
    this.addSql(`alter table "organizations" add constraint "organizations_slug_unique" unique ("slug");`)
    this.addSql(
      `alter table "organizations" add constraint "organizations_transfer_hash_unique" unique ("transfer_hash");`,
    )
    this.addSql(
      `alter table "organizations" add constraint "organizations_personal_owner_id_unique" unique ("personal_owner_id");`,
    )

    this.addSql(
      `create table "organization_slugs" ("slug" varchar(48) not null, "former_until" timestamptz null, "organization_id" uuid not null, primary key ("slug"));`,
    )
    this.addSql(
      `create unique index "organization_slugs_organization_id_unique" on "organization_slugs" ("organization_id") where former_until is null;`,
    )

    this.addSql(
      `create table "organization_memberships" ("id" uuid not null, "organization_id" uuid not null, "user_id" uuid not null, "role" varchar(32) not null, "last_used_at" timestamptz null, "created_at" timestamptz not null default current_timestamp, "role_before" varchar(32) null, primary key ("id"));`,
    )
    this.addSql(
      `create index "organization_memberships_organization_id_id_index" on "organization_memberships" ("organization_id", "id");`,
    )
    this.addSql(
      `alter table "organization_memberships" add constraint "organization_memberships_user_id_organization_id_unique" unique ("user_id", "organization_id");`,
    )

    this.addSql(
      `create table "organization_invitations" ("id" uuid not null, "organization_id" uuid not null, "invited_by_id" uuid null, "accepted_by_id" uuid null, "email" varchar(254) not null, "email_canonical" varchar(254) not null, "role" varchar(32) not null, "expires_at" timestamptz not null, "accepted_at" timestamptz null, "created_at" timestamptz not null default current_timestamp, "key_id" varchar(64) not null, "selector" bytea not null, "token_hash" bytea not null, "sends" smallint not null default 1, "revoked_at" timestamptz null, "declined_at" timestamptz null, primary key ("id"));`,
    )
    this.addSql(
      `alter table "organization_invitations" add constraint "organization_invitations_selector_unique" unique ("selector");`,
    )
    this.addSql(
      `create index "organization_invitations_email_canonical_index" on "organization_invitations" ("email_canonical");`,
    )
    this.addSql(
      `create unique index "organization_invitations_organization_id_email_canonical_unique" on "organization_invitations" ("organization_id", "email_canonical") where accepted_at is null and revoked_at is null and declined_at is null;`,
    )

    this.addSql(
      `create table "organization_exclusions" ("id" uuid not null, "organization_id" uuid not null, "user_id" uuid not null, "excluded_at" timestamptz not null default current_timestamp, primary key ("id"));`,
    )
    this.addSql(
      `alter table "organization_exclusions" add constraint "organization_exclusions_user_id_organization_id_unique" unique ("user_id", "organization_id");`,
    )

    this.addSql(
      `create table "organization_domains" ("id" uuid not null, "organization_id" uuid not null, "domain" varchar(253) not null, "verified_at" timestamptz null, "mode" varchar(8) not null, "role" varchar(32) not null, "created_at" timestamptz not null default current_timestamp, "challenge" varchar(64) not null, "checked_at" timestamptz null, "failures" int not null default 0, primary key ("id"));`,
    )
    this.addSql(
      `alter table "organization_domains" add constraint "organization_domains_organization_id_domain_unique" unique ("organization_id", "domain");`,
    )
    this.addSql(
      `create unique index "organization_domains_domain_unique" on "organization_domains" ("domain") where verified_at is not null;`,
    )

    this.addSql(
      `alter table "organizations" add constraint "organizations_personal_owner_id_foreign" foreign key ("personal_owner_id") references "users" ("id") on delete cascade;`,
    )
    this.addSql(`alter table "organizations" add constraint "organizations_name_check" check (name <> '');`)
    this.addSql(
      `alter table "organizations" add constraint "organizations_transfer_hash_check" check (octet_length(transfer_hash) = 32);`,
    )
    this.addSql(
      `alter table "organizations" add constraint "organizations_max_session_minutes_check" check (max_session_minutes > 0);`,
    )
    this.addSql(
      `alter table "organizations" add constraint "organizations_seat_limit_check" check (seat_limit > 0);`,
    )

    this.addSql(
      `alter table "organization_slugs" add constraint "organization_slugs_organization_id_foreign" foreign key ("organization_id") references "organizations" ("id") on delete cascade;`,
    )

    this.addSql(
      `alter table "organization_memberships" add constraint "organization_memberships_organization_id_foreign" foreign key ("organization_id") references "organizations" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "organization_memberships" add constraint "organization_memberships_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    )

    this.addSql(
      `alter table "organization_invitations" add constraint "organization_invitations_organization_id_foreign" foreign key ("organization_id") references "organizations" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "organization_invitations" add constraint "organization_invitations_invited_by_id_foreign" foreign key ("invited_by_id") references "users" ("id") on delete set null;`,
    )
    this.addSql(
      `alter table "organization_invitations" add constraint "organization_invitations_accepted_by_id_foreign" foreign key ("accepted_by_id") references "users" ("id") on delete set null;`,
    )
    this.addSql(
      `alter table "organization_invitations" add constraint "organization_invitations_selector_check" check (octet_length(selector) = 16);`,
    )
    this.addSql(
      `alter table "organization_invitations" add constraint "organization_invitations_token_hash_check" check (octet_length(token_hash) = 32);`,
    )

    this.addSql(
      `alter table "organization_exclusions" add constraint "organization_exclusions_organization_id_foreign" foreign key ("organization_id") references "organizations" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "organization_exclusions" add constraint "organization_exclusions_user_id_foreign" foreign key ("user_id") references "users" ("id") on delete cascade;`,
    )

    this.addSql(
      `alter table "organization_domains" add constraint "organization_domains_organization_id_foreign" foreign key ("organization_id") references "organizations" ("id") on delete cascade;`,
    )
    this.addSql(
      `alter table "organization_domains" add constraint "organization_domains_mode_check" check (mode in ('offer', 'auto'));`,
    )

    // What MikroORM has no words for. Whatever removes the last owner of an organization is refused, host SQL too.
    this
      .addSql(`create function "public"."organization_memberships_keep_owner"() returns trigger language plpgsql as $$
begin
  update "public"."organizations" set slug = slug where id = old.organization_id;
  if found and not exists (
    select from "public"."organization_memberships" where organization_id = old.organization_id and role = 'owner'
  ) then
    raise exception 'an organization keeps an owner' using errcode = 'restrict_violation';
  end if;
  return null;
end
$$`)
    this
      .addSql(`create constraint trigger organization_keeps_owner after delete or update of role, organization_id on "public"."organization_memberships"
deferrable initially deferred for each row when (old.role = 'owner') execute function "public"."organization_memberships_keep_owner"()`)
  }

  override down(): void {
    this.addSql(
      `alter table "organization_slugs" drop constraint "organization_slugs_organization_id_foreign";`,
    )
    this.addSql(
      `alter table "organization_memberships" drop constraint "organization_memberships_organization_id_foreign";`,
    )
    this.addSql(
      `alter table "organization_invitations" drop constraint "organization_invitations_organization_id_foreign";`,
    )
    this.addSql(
      `alter table "organization_exclusions" drop constraint "organization_exclusions_organization_id_foreign";`,
    )
    this.addSql(
      `alter table "organization_domains" drop constraint "organization_domains_organization_id_foreign";`,
    )

    this.addSql(`drop table if exists "organizations" cascade;`)
    this.addSql(`drop table if exists "organization_slugs" cascade;`)
    this.addSql(`drop table if exists "organization_memberships" cascade;`)
    this.addSql(`drop table if exists "organization_invitations" cascade;`)
    this.addSql(`drop table if exists "organization_exclusions" cascade;`)
    this.addSql(`drop table if exists "organization_domains" cascade;`)

    this.addSql(`drop function if exists "public"."organization_memberships_keep_owner"() cascade`)
  }
}

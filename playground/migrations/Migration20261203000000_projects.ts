import { Migration } from '@mikro-orm/migrations'

export class Migration20261203000000_projects extends Migration {
  override name = 'Migration20261203000000_projects'

  override up(): void | Promise<void> {
    this.addSql(
      `create table "projects" ("id" uuid not null, "organization_id" uuid not null, "name" varchar(100) not null, "created_by_id" uuid null, "created_at" timestamptz not null default current_timestamp, "archived_at" timestamptz null, primary key ("id"));`,
    )
    this.addSql(
      `create index "projects_organization_id_name_index" on "projects" ("organization_id", "name");`,
    )
    this.addSql(`create index "projects_created_by_id_index" on "projects" ("created_by_id");`)

    this.addSql(
      `alter table "projects" add constraint "projects_organization_id_foreign" foreign key ("organization_id") references "organizations" ("id");`,
    )
    this.addSql(
      `alter table "projects" add constraint "projects_created_by_id_foreign" foreign key ("created_by_id") references "users" ("id") on delete set null;`,
    )
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "projects" cascade;`)
  }
}

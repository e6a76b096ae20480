import { describe, expect, it } from 'vitest'
import { findDemands } from './find-demands.ts'

describe('findDemands', () => {
  it.each([
    ['alter table "users" alter column "nick" set not null;', ['users.nick']],
    [
      'alter table "app"."users" alter column "a" set not null, alter column "b" set not null;',
      ['app.users.a', 'app.users.b'],
    ],
    ['alter table "users" add "nick" varchar(255) not null;', ['users.nick']],
    ['alter table "users" add column "a" numeric(10,2) not null, add column "b" int null;', ['users.a']],
  ])('finds what rows without a value would refuse: %s', (statement, columns) => {
    expect(findDemands([statement])).toEqual(columns)
  })

  it.each([
    'alter table "users" add "nick" varchar(255) null;',
    `alter table "users" add column "nick" text not null default '';`,
    'alter table "users" add column "number" bigserial not null;',
    'alter table "users" add column "n" int not null generated always as identity;',
    'alter table "users" alter column "nick" drop not null;',
    'create table "notes" ("id" uuid not null, primary key ("id"));',
    'create index "users_nick_index" on "users" ("nick");',
  ])('says nothing about %s', (statement) => {
    expect(findDemands([statement])).toEqual([])
  })
})

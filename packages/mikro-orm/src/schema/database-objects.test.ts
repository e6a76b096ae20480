import { ConfigInvalid } from '@sigra/core'
import { describe, expect, it } from 'vitest'
import { auditProtectionSql, dropAuditProtectionSql, unloggedSql } from './database-objects.ts'

describe('auditProtectionSql', () => {
  it('writes the minimum age into the trigger, as a constant', () => {
    const text = auditProtectionSql('audit_events', { minimumAgeDays: 30 }).join('\n')
    expect(text.match(/interval '30 days'/g)).toHaveLength(2)
    expect(text).not.toMatch(/current_setting|current_user|session_user/)
  })

  it('quotes the name and keeps its schema', () => {
    expect(auditProtectionSql('app.log"s')[1]).toContain('on "app"."log""s" for each row')
    expect(unloggedSql('sigra_limits')).toEqual(['alter table "public"."sigra_limits" set unlogged'])
  })

  it('refuses an age that is none', () => {
    for (const minimumAgeDays of [0, -1, 1.5, Number.NaN]) {
      expect(() => auditProtectionSql('audit_events', { minimumAgeDays })).toThrow(ConfigInvalid)
    }
  })

  it('is undone by what drops it', () => {
    expect(dropAuditProtectionSql('audit_events')).toEqual([
      'drop function if exists "public"."audit_events_retain"(interval, integer)',
      'drop function if exists "public"."audit_events_protect"() cascade',
    ])
  })
})

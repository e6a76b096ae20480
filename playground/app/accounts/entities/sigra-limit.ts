import { defineEntity } from '@mikro-orm/core'
import { limitProperties } from '@sigra/remix/schema'

const SigraLimitSchema = defineEntity({
  name: 'SigraLimit',
  tableName: 'sigra_limits',
  properties: { ...limitProperties },
})

/** How often something may still be tried. Shared by every process through the database. */
export class SigraLimit extends SigraLimitSchema.class {}

SigraLimitSchema.setClass(SigraLimit)

import { defineEntity } from '@mikro-orm/core'
import { workerHeartbeatProperties } from '@sigra/remix/schema'

const SigraWorkerSchema = defineEntity({
  name: 'SigraWorker',
  tableName: 'sigra_workers',
  properties: { ...workerHeartbeatProperties },
})

/** A worker that is alive. The jobs of one that died are given to another. */
export class SigraWorker extends SigraWorkerSchema.class {}

SigraWorkerSchema.setClass(SigraWorker)

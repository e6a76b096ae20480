/** Brings the queue's own schema, `graphile_worker`, up to date. Needs the role that owns the schema. */
export declare function migrateQueue(connectionString: string): Promise<void>
//# sourceMappingURL=migrate-queue.d.ts.map

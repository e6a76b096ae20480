import { SigraError } from '@sigra/core'

/** There is no migration to apply, or the database refused one. `message` is a sentence that says what to do. */
export class MigrationFailed extends SigraError {
  override readonly name = 'MigrationFailed'
  readonly code: 'SIGRA_MIGRATIONS_MISSING' | 'SIGRA_MIGRATION_REFUSED'

  constructor(code: MigrationFailed['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

import type { Runtime } from '@sigra/mikro-orm'

/** Connects. @returns Why the database cannot be reached, in the driver's words, or `null`. */
export async function findConnectionProblem(orm: Runtime['orm']): Promise<string | null> {
  try {
    await orm.connect()
    const connection = await orm.checkConnection()
    return connection.ok ? null : connection.reason
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

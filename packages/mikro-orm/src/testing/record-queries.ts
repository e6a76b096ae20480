import type { MikroORM } from '@mikro-orm/postgresql'

interface QueryingClient {
  query(...args: unknown[]): unknown
}

/** Runs `work` and returns every statement its orm sent to PostgreSQL meanwhile, transaction control included. */
export async function recordQueries(
  orm: MikroORM,
  work: (soFar: readonly string[]) => Promise<unknown>,
): Promise<string[]> {
  const pool = await orm.em.getConnection().getNativeClient()
  const texts: string[] = []
  const originals = new Map<QueryingClient, QueryingClient['query']>()
  const watch = (client: QueryingClient) => {
    if (originals.has(client)) return
    const original = client.query
    originals.set(client, original)
    client.query = function query(this: unknown, ...args: unknown[]) {
      texts.push(textOf(args[0]))
      return original.apply(this, args)
    }
  }
  // A pool hands out connections one by one: watching each as it is handed out misses none.
  pool.on('acquire', watch)
  try {
    await work(texts)
  } finally {
    pool.off('acquire', watch)
    for (const [client, original] of originals) client.query = original
  }
  return texts
}

function textOf(query: unknown): string {
  if (typeof query === 'string') return query
  return typeof query === 'object' && query !== null && 'text' in query ? String(query.text) : 'unknown'
}

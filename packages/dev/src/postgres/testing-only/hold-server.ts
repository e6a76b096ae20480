// Starts a server as another process would, says what it got, and stays until it is killed.
import { startEmbeddedPostgres } from '../start-embedded-postgres.ts'

const { url, port, started } = await startEmbeddedPostgres({ dataDirectory: process.argv[2] ?? '' })
process.stdout.write(`${JSON.stringify({ url, port, started })}\n`)
setInterval(() => undefined, 60_000)

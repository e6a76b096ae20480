// Loaded into every child of `sigra dev` before its own code: when the supervisor is gone, killed even, the child
// leaves, so that no server keeps a port and no worker keeps taking mail.
const GRACE_MILLISECONDS = 8_000

process.channel?.unref()
process.once('disconnect', () => {
  setTimeout(() => process.exit(1), GRACE_MILLISECONDS).unref()
  process.kill(process.pid, 'SIGTERM')
})

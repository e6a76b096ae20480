import { isIP } from 'node:net'

/**
 * The address a request came from, or `null` where there is none.
 *
 * @param socketAddress Who holds the connection: the client, or the nearest proxy.
 * @param forwardedFor The `X-Forwarded-For` header. Each proxy appends whom it heard from, so only entries counted
 *   from the right were written by proxies of ours; everything further left was typed by the client.
 * @param trustedProxies How many proxies stand in front of the app. 0: the header is not looked at.
 */
export function clientAddress(
  socketAddress: string | null | undefined,
  forwardedFor: string | null | undefined,
  trustedProxies: number,
): string | null {
  const chain = [socketAddress ?? '', ...(forwardedFor ?? '').split(',').toReversed()].slice(
    0,
    trustedProxies + 1,
  )
  // Text that is no address can only stand there by mistake: the nearer hop is the safe answer, never a farther one.
  for (const hop of chain.toReversed()) {
    const address = parseAddress(hop)
    if (address !== null) return address
  }
  return null
}

function parseAddress(text: string): string | null {
  const trimmed = text.trim()
  const withoutPort =
    /^\[([^\]]+)\](?::\d+)?$/.exec(trimmed)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(trimmed)?.[1] ?? trimmed
  const address = withoutPort.replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '')
  return isIP(address) === 0 ? null : address.toLowerCase()
}

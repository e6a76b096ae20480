import { Resolver } from 'node:dns/promises'

/** Asks the DNS for the TXT records of a name, each as one text. @throws {Error} where there is no answer. */
export type LookUpTxt = (name: string) => Promise<readonly string[]>

const TIMEOUT_MS = 2000

/**
 * @param servers Who is asked, with a port where it is not 53. @default those of the machine
 */
export function createTxtLookup(servers: readonly string[] | null = null): LookUpTxt {
  return async (name) => {
    const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 })
    if (servers !== null) resolver.setServers(servers)
    const records = await resolver.resolveTxt(name)
    return records.map((chunks) => chunks.join('')) // one record can come in pieces (RFC 1035 §3.3.14)
  }
}

export interface Sender {
  name: string
  address: string
}
/**
 * Reads `MAIL_FROM`: `hello@acme.example` or `Acme <hello@acme.example>`.
 *
 * @param fallback Used where nothing is set: development sends to a folder.
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` for anything else.
 */
export declare function parseSender(text: string | undefined, fallback: Sender): Sender
//# sourceMappingURL=sender.d.ts.map

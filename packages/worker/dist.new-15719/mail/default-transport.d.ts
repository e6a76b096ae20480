import type { MailTransport } from './mail-transport.ts'
/** Where the development mailbox lives, below the working directory. */
export declare const MAILBOX_DIRECTORY = '.sigra/mailbox'
/**
 * SMTP where `SMTP_URL` is set, else the development mailbox.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` in production without `SMTP_URL`, and for a malformed one.
 */
export declare function defaultTransport(env: Record<string, string | undefined>): MailTransport
//# sourceMappingURL=default-transport.d.ts.map

import { type MailTransport } from './mail-transport.ts'
/**
 * Sends by SMTP: `smtps://user:password@host:465`, or `smtp://…:587` with STARTTLS, which is demanded except on this
 * machine. A relay without TLS in a network you trust is named openly: `smtp://relay:25?ignoreTLS=true`. Other settings
 * of nodemailer go behind the `?` too.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` when the URL is missing or not one of these.
 */
export declare function smtpTransport(url: string | undefined): MailTransport
//# sourceMappingURL=smtp-transport.d.ts.map

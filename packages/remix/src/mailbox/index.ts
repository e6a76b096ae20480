export { mailboxMessages, type MailboxOptions, mailboxPage, type MailSample } from './mailbox.ts'

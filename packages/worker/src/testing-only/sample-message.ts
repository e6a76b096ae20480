import type { OutgoingMail } from '../mail/mail-transport.ts'

const id = '01890a5d-ac96-774b-bcce-b302099a8057'

/** A finished message, with whatever a test wants different. */
export function createSampleMessage(changes: Partial<OutgoingMail> = {}): OutgoingMail {
  return {
    id,
    messageId: `<${id}@app.test>`,
    date: new Date('2026-05-04T09:41:00Z'),
    boundary: 'sigra-sample',
    from: { name: 'Acme', address: 'hello@app.test' },
    to: 'ada@example.com',
    subject: 'Confirm your address',
    text: 'Welcome, Ada. Zwölf Boxkämpfer.\n',
    html: '<p>Welcome, Ada. Zwölf Boxkämpfer.</p>',
    headers: { 'Auto-Submitted': 'auto-generated' },
    ...changes,
  }
}

/** The text part of a raw message, decoded. */
export function decodeText(raw: string): string {
  const part = /Content-Type: text\/plain[^]*?\r\n\r\n(?<body>[^]*?)\r\n--/.exec(raw)
  const body = (part?.groups?.['body'] ?? '').replaceAll('=\r\n', '')
  const bytes = body.replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

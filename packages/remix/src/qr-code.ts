/** A QR code ready to be drawn: `<svg viewBox={`0 0 ${size} ${size}`}><path d={path} /></svg>`, dark on light. */
export interface QrCode {
  /** Modules per side, the quiet margin included. */
  size: number
  /** The dark modules. */
  path: string
}

const QUIET_MODULES = 4 // ISO/IEC 18004 §5.3.8: scanners find nothing without them

/** Draws a text as a QR code. The drawing says everything the text does: show it to nobody else either. */
export async function drawQrCode(text: string): Promise<QrCode> {
  const { encodeQR } = await import('qr') // only who enrols an app needs it
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: QUIET_MODULES })
  return { size: rows.length, path: rows.map(drawRow).join('') }
}

/** Neighbours are drawn as one, or a hair's breadth of light would show between them. */
function drawRow(row: readonly boolean[], y: number): string {
  let path = ''
  for (let x = 0; x < row.length; x++) {
    if (row[x] !== true) continue
    const start = x
    while (row[x + 1] === true) x++
    path += `M${start} ${y}h${x - start + 1}v1h-${x - start + 1}z`
  }
  return path
}

/** What a person would recognise a browser by, as its makers write it; `null` for what we do not know. */
export interface BrowserNames {
  /** `Firefox`. */
  name: string | null
  /** `Linux`, `iPhone`. */
  system: string | null
}

const BROWSERS: readonly [RegExp, string][] = [
  // Order matters: everything claims to be Safari, and most claim to be Chrome.
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\b(?:OPR|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:HeadlessChrome|Chrome|CriOS)\//, 'Chrome'],
  [/\bVersion\/[\d.]+.*\bSafari\//, 'Safari'],
]

const SYSTEMS: readonly [RegExp, string][] = [
  [/\b(?:iPhone|iPod)\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]

/** Reads a user agent. Only names of ours come out, whatever was sent. */
export function readBrowserNames(userAgent: string | null): BrowserNames {
  const text = (userAgent ?? '').slice(0, 512)
  return { name: findName(BROWSERS, text), system: findName(SYSTEMS, text) }
}

function findName(names: readonly [RegExp, string][], text: string): string | null {
  return names.find(([pattern]) => pattern.test(text))?.[1] ?? null
}

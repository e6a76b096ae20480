import { sanitizeText } from '@sigra/core'
import type { Edge, EdgeSettings } from '../edge.ts'

const REPORTS = '/dev/style-report'
const MOST_PAGES = 200
const told = new Set<string>()

/**
 * In development Vite needs inline styles, so the policy there allows what production's stops. This one stops nothing:
 * the browser reports each `style` attribute that came with a page, and the terminal names the page.
 */
export function styleReportHeader(settings: EdgeSettings, path: string | null): Record<string, string> {
  const isAllowed = settings.headers.allow?.['style-src-attr'] !== undefined
  // The mailbox shows mails, which are made of them.
  if (settings.production || isAllowed || path === null || path.startsWith('/dev/')) return {}
  const reports = `${REPORTS}?page=${encodeURIComponent(path)}`
  return { 'Content-Security-Policy-Report-Only': `style-src-attr 'none'; report-uri ${reports}` }
}

/** Takes such a report, and says so once for each page. The page is in the address: nothing of the body is read. */
export function takeStyleReport({ settings, runtime }: Edge, method: string, url: URL): boolean {
  if (settings.production || method !== 'POST' || url.pathname !== REPORTS) return false
  const page = sanitizeText(url.searchParams.get('page') ?? '', 200)
  if (told.has(page) || told.size >= MOST_PAGES) return true
  told.add(page)
  runtime.logger.warn('style.breaks_in_production', {
    page,
    message:
      'An element of this page has a style attribute. Production’s Content-Security-Policy drops it: use a class. The console of the browser names the element.',
  })
  return true
}

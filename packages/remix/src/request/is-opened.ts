/**
 * Whether somebody opens a page by this request, or a script of ours does. An image, a frame or a script of a sister site
 * opens none: by such requests another page could fill the browser with our cookies (Fetch Metadata, W3C).
 */
export function isOpened(headers: Headers): boolean {
  const destination = headers.get('sec-fetch-dest')
  if (destination === null || destination === 'document') return true // old browsers and programs send none
  return destination === 'empty' && headers.get('sec-fetch-site') === 'same-origin'
}

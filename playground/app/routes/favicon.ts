import stylesheet from '../app.css?raw'

/** The seal of the app in the colour of its brand, `--brand-hue` of app.css. In between, for light and dark tabs alike. */
export function loader() {
  const hue = /--brand-hue:\s*([\d.]+)/.exec(stylesheet)?.[1] ?? '0'
  const brand = `oklch(0.58 0.11 ${hue})`
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="${brand}" stroke-width="2.5">
  <circle cx="16" cy="16" r="3" fill="${brand}" stroke="none" />
  <circle cx="16" cy="16" r="8" />
  <circle cx="16" cy="16" r="13" />
</svg>
`
  return new Response(svg, {
    headers: { 'Content-Type': 'image/svg+xml', 'Cache-Control': 'public, max-age=3600' },
  })
}

import { Body, Button, Container, Head, Hr, Html, Link, Preview, Section, Text } from 'react-email'
import { Fragment, type ReactElement, type ReactNode } from 'react'
import { readTokens, type Tokens } from '@sigra/remix/tokens'
import stylesheet from '../../app.css?raw'

// The tokens of the pages as literal values: mail clients know neither custom properties nor oklch().
const tokens = readTokens(stylesheet)
const light = paletteOf(tokens.light)
const dark = paletteOf(tokens.dark)
const sans = tokens.light('--sans')
const mono = tokens.light('--mono')
const radius = tokens.light('--radius')

// Mail clients know light and dark only through a media query, and inline styles win without !important.
const darkMode = `
:root { color-scheme: light dark; supported-color-schemes: light dark }
body { margin: 0; padding: 0; background: ${light.page} }
@media (prefers-color-scheme: dark) {
  body, .page { background: ${dark.page} !important }
  .card { background: ${dark.card} !important; border-color: ${dark.line} !important }
  .tint { background: ${dark.tint} !important }
  .line { border-color: ${dark.line} !important }
  .ink { color: ${dark.ink} !important }
  .soft { color: ${dark.soft} !important }
  .link { color: ${dark.brand} !important }
  .button { background: ${dark.brand} !important; color: ${dark.onBrand} !important }
}
@media (max-width: 480px) {
  .page-cell { padding: 16px 8px 24px !important }
  .card-cell { padding: 28px 22px !important }
}`

interface LayoutProps {
  appName: string
  title: string
  /** What an inbox shows beside the subject. */
  preview: string
  children: ReactNode
}

/** The frame around every mail: who it is from, a title, the words, why it was sent. */
export function Layout({ appName, title, preview, children }: LayoutProps): ReactElement {
  return (
    <Html lang="en">
      <Head>
        <title>{title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <style>{darkMode}</style>
      </Head>
      <Body style={{ fontFamily: sans }}>
        <Preview useTitleTag={false}>{preview}</Preview>
        <Section
          className="page"
          tdClassName="page-cell"
          style={{ background: light.page, padding: '40px 16px 48px' }}
        >
          <Container style={{ maxWidth: '520px' }}>
            <Text className="ink" style={{ ...brandLine, color: light.ink }}>
              {appName}
            </Text>
            <Section
              className="card"
              tdClassName="card-cell"
              style={{
                background: light.card,
                border: `1px solid ${light.line}`,
                borderRadius: '16px',
                borderCollapse: 'separate',
                padding: '36px 36px 32px',
              }}
            >
              <h1 className="ink" style={{ ...heading, color: light.ink }}>
                {title}
              </h1>
              {children}
            </Section>
            <Text className="soft" style={{ ...small, padding: '20px 4px 0', textAlign: 'center' }}>
              A message from {appName} about your account.
            </Text>
          </Container>
        </Section>
      </Body>
    </Html>
  )
}

/** One paragraph. */
export function Words({ children }: { children: ReactNode }): ReactElement {
  return (
    <Text className="ink" style={{ ...words, color: light.ink }}>
      {children}
    </Text>
  )
}

/** The one thing to press, and the address to copy where a client shows no button. */
export function Action({ href, children }: { href: string; children: string }): ReactElement {
  return (
    <>
      <Section style={{ padding: '12px 0 0' }}>
        <Button
          href={href}
          className="button"
          style={{
            background: light.brand,
            color: light.onBrand,
            borderRadius: radius,
            fontSize: '16px',
            fontWeight: 600,
            padding: '14px 24px',
          }}
        >
          {children}
        </Button>
      </Section>
      <Text className="soft" style={{ ...small, margin: '12px 0 24px' }} data-skip-in-text>
        Or open this address:{' '}
        <Link href={href} className="link" style={{ color: light.brand, wordBreak: 'break-all' }}>
          {href}
        </Link>
      </Text>
    </>
  )
}

/** A link inside a sentence. */
export function Inline({ href, children }: { href: string; children: string }): ReactElement {
  return (
    <Link href={href} className="link" style={{ color: light.brand, textDecoration: 'underline' }}>
      {children}
    </Link>
  )
}

/** A code to type. Not broken into groups, so that it can be copied in one go. */
export function Code({ children }: { children: string }): ReactElement {
  return (
    <Section
      className="tint"
      style={{ background: light.tint, borderRadius: radius, margin: '14px 0 24px', padding: '14px 16px' }}
    >
      <Text className="ink" style={{ ...code, color: light.ink }}>
        {children}
      </Text>
    </Section>
  )
}

/** When, from which browser, from which address. */
export function Facts({
  facts,
}: {
  facts: readonly (readonly [name: string, value: string])[]
}): ReactElement {
  return (
    <Section
      className="tint"
      style={{ background: light.tint, borderRadius: radius, margin: '18px 0 20px', padding: '12px 16px' }}
    >
      <Text className="ink" style={{ ...fact, color: light.ink }}>
        {facts.map(([name, value], index) => (
          <Fragment key={name}>
            {index > 0 && <br />}
            <span className="soft" style={{ color: light.soft }}>
              {name}:
            </span>{' '}
            {value}
          </Fragment>
        ))}
      </Text>
    </Section>
  )
}

/** What to do when it was somebody else. */
export function IfNotYou({ children }: { children: ReactNode }): ReactElement {
  return (
    <>
      <Hr className="line" style={{ borderTop: `1px solid ${light.line}`, margin: '22px 0 0' }} />
      <Text className="soft" style={{ ...small, margin: '20px 0 0' }}>
        {children}
      </Text>
    </>
  )
}

/** In words and in UTC: the reader's time zone is not known here. */
export function formatInstant(instant: Date): string {
  return `${instants.format(instant)} UTC`
}

function paletteOf(read: Tokens['light']) {
  return {
    page: read('--paper'),
    card: read('--raised'),
    line: read('--line'),
    ink: read('--ink'),
    soft: read('--ink-soft'),
    brand: read('--brand'),
    onBrand: read('--on-brand'),
    tint: read('--wash'),
  }
}

const instants = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })

const brandLine = {
  fontSize: '15px',
  fontWeight: 600,
  lineHeight: '20px',
  margin: '0 0 16px',
  padding: '0 4px',
}
const heading = {
  fontSize: '24px',
  fontWeight: 650,
  letterSpacing: '-0.018em',
  lineHeight: '32px',
  margin: '0 0 14px',
}
const words = { fontSize: '16px', lineHeight: '25px', margin: '0 0 12px' }
const small = { color: light.soft, fontSize: '14px', lineHeight: '21px' }
const fact = { fontSize: '15px', lineHeight: '24px', margin: '0' }
const code = {
  fontFamily: mono,
  fontSize: '28px',
  fontWeight: 600,
  letterSpacing: '0.2em',
  lineHeight: '34px',
  margin: '0',
}

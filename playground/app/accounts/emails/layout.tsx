import { Body, Button, Container, Head, Hr, Html, Link, Preview, Section, Text } from 'react-email'
import { Fragment, type ReactElement, type ReactNode } from 'react'
import { readTokens, type Tokens } from '@sigra/remix/tokens'
import type { MailCommon, NoticeProps } from '@sigra/worker'
import stylesheet from '../../app.css?raw'
import { languageOf } from './languages.ts'
import { type MailUser, nameOf } from './props.ts'

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
  mail: MailCommon<MailUser>
  title: string
  /** What an inbox shows beside the subject. */
  preview: string
  children: ReactNode
}

/** The frame around every mail: who it is from, a title, the words, why it was sent. */
export function Layout({ mail, title, preview, children }: LayoutProps): ReactElement {
  const { locale, words } = languageOf(mail)
  const name = nameOf(mail.user)
  return (
    <Html lang={locale} dir={directionOf(locale)}>
      <Head>
        <title>{title}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        {/* What looks like a telephone number, a date or an address is no link of ours. */}
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no" />
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
              {mail.appName}
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
              {name !== null && <Paragraph>{words.common.greeting(name)}</Paragraph>}
              {children}
            </Section>
            <Text className="soft" style={{ ...small, padding: '20px 4px 0', textAlign: 'center' }}>
              {words.common.footer(mail.appName)}
            </Text>
          </Container>
        </Section>
      </Body>
    </Html>
  )
}

/** One paragraph. */
export function Paragraph({ children }: { children: ReactNode }): ReactElement {
  return (
    <Text className="ink" style={{ ...paragraph, color: light.ink }}>
      {children}
    </Text>
  )
}

interface ActionProps {
  mail: MailCommon<MailUser>
  href: string
  children: string
}

/** The one thing to press, and the address to copy where a client shows no button. */
export function Action({ mail, href, children }: ActionProps): ReactElement {
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
        {languageOf(mail).words.common.otherwise}
        <br />
        <Link href={href} className="soft" style={{ color: light.soft, wordBreak: 'break-all' }}>
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
export function SignInFacts({
  mail,
}: {
  mail: MailCommon<MailUser> & Pick<NoticeProps, 'occurredAt' | 'browser' | 'address'>
}): ReactElement {
  const { locale, words } = languageOf(mail)
  const { when, browser, address, browserName, unknownAddress } = words.common
  return (
    <Facts
      facts={[
        [when, words.common.instant(formatInstant(mail.occurredAt, locale))],
        [browser, browserName(mail.browser)],
        [address, mail.address ?? unknownAddress],
      ]}
    />
  )
}

/** The browser that asked for a link or a code. */
export function AskedFrom({
  mail,
}: {
  mail: MailCommon<MailUser> & Pick<NoticeProps, 'browser' | 'address'>
}): ReactElement {
  const { browser, address, browserName, unknownAddress } = languageOf(mail).words.common
  return (
    <Facts
      facts={[
        [browser, browserName(mail.browser)],
        [address, mail.address ?? unknownAddress],
      ]}
    />
  )
}

/** Since when something is blocked. */
export function Since({ mail }: { mail: MailCommon<MailUser> & { occurredAt: Date } }): ReactElement {
  const { locale, words } = languageOf(mail)
  const instant = words.common.instant(formatInstant(mail.occurredAt, locale))
  return <Facts facts={[[words.common.since, instant]]} />
}

function Facts({ facts }: { facts: readonly (readonly [name: string, value: string])[] }): ReactElement {
  return (
    <Section
      className="line"
      style={{
        border: `1px solid ${light.line}`,
        borderCollapse: 'separate',
        borderRadius: radius,
        margin: '18px 0 20px',
        padding: '12px 16px',
      }}
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

/** “This wasn’t me”: quiet, since it mostly was, and plain for whoever it was not. */
export function NotMe({
  mail,
  wasYou,
  undoes,
}: {
  mail: MailCommon<MailUser> & Pick<NoticeProps, 'notMeUrl' | 'notMeDays'>
  wasYou: string
  undoes: string
}): ReactElement {
  const { wasNotYou, notMe, asksFirst } = languageOf(mail).words.common
  return (
    <>
      <Paragraph>{wasYou}</Paragraph>
      <Rule />
      <Text className="ink" style={{ ...paragraph, color: light.ink, margin: '20px 0 8px' }}>
        {wasNotYou}{' '}
        <Link
          href={mail.notMeUrl}
          className="link"
          style={{
            color: light.brand,
            display: 'inline-block',
            fontWeight: 600,
            textDecoration: 'underline',
          }}
        >
          {notMe}
        </Link>
      </Text>
      <Text className="soft" style={{ ...small, margin: '0' }}>
        {undoes} {asksFirst(mail.notMeDays)}
      </Text>
    </>
  )
}

/** What to do when it was somebody else. */
export function Quiet({ children }: { children: ReactNode }): ReactElement {
  return (
    <>
      <Rule />
      <Text className="soft" style={{ ...small, margin: '20px 0 0' }}>
        {children}
      </Text>
    </>
  )
}

function Rule(): ReactElement {
  return <Hr className="line" style={{ borderTop: `1px solid ${light.line}`, margin: '22px 0 0' }} />
}

/** By the clock of UTC: the reader's time zone is not known here. */
function formatInstant(instant: Date, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }).format(
    instant,
  )
}

const RIGHT_TO_LEFT = /^(?:ar|dv|fa|he|ku-arab|ps|ur|yi)\b/i

function directionOf(locale: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT.test(locale) ? 'rtl' : 'ltr'
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
const paragraph = {
  fontSize: '16px',
  lineHeight: '25px',
  margin: '0 0 12px',
  overflowWrap: 'anywhere',
} as const
const small = { color: light.soft, fontSize: '14px', lineHeight: '21px' }
const fact = { fontSize: '15px', lineHeight: '24px', margin: '0' }
const code = {
  fontFamily: mono,
  fontSize: '28px',
  fontWeight: 600,
  letterSpacing: '0.2em',
  lineHeight: '34px',
  margin: '0',
  textAlign: 'center',
  textIndent: '0.2em', // what follows the last digit
} as const

import { describe, expect, it } from 'vitest'
import { loadTemplate } from '../template.ts'
import { edited, reasonOf } from '../testing-only/try-edit.ts'
import { linksEdit } from './links.ts'

const root = (head: string) => `import { Links, Outlet } from "react-router";

export default function App() {
  return (
    <html lang="en">
      <head>
        ${head}
      </head>
    </html>
  );
}
`

describe('the <Links> of app/root.tsx', () => {
  it('takes no nonce, and says why', () => {
    expect(edited(linksEdit, root('<Meta />\n        <Links />'))).toBe(
      root(`<Meta />
        {/* Styles need no nonce. With one, React would miss it: browsers hide it. */}
        <Links nonce="" />`),
    )
  })

  it.each([
    ['beside something else', '<Meta /><Links />', '<Meta /><Links nonce="" />'],
    ['without a space', '<Meta /><Links/>', '<Meta /><Links nonce=""/>'],
    [
      'with another attribute',
      '<Meta /><Links crossOrigin="anonymous" />',
      '<Meta /><Links nonce="" crossOrigin="anonymous" />',
    ],
    ['as a pair of tags', '<Meta /><Links></Links>', '<Meta /><Links nonce=""></Links>'],
    ['where no comment can stand', '{isPlain ||\n<Links />}', '{isPlain ||\n<Links nonce="" />}'],
  ])('is found %s', (_place, before, after) => {
    expect(edited(linksEdit, root(before))).toBe(root(after))
  })

  it('keeps the line ends of the host', () => {
    const text = root('<Links />').replaceAll('\n', '\r\n')
    expect(edited(linksEdit, text)).toBe(
      root(
        '{/* Styles need no nonce. With one, React would miss it: browsers hide it. */}\n        <Links nonce="" />',
      ).replaceAll('\n', '\r\n'),
    )
  })

  it.each([
    ['a nonce of its own', root('<Links nonce={nonce} />')],
    ['one that may be spread', root('<Links {...(nonce && { nonce })} />')],
    ['what an app made with accounts has', loadTemplate().get('app/root.tsx') ?? ''],
  ])('stays as it is with %s', (_shape, text) => {
    expect(linksEdit.ensure(text)).toEqual({ outcome: 'already' })
  })

  it.each([
    ['it is in another file', 'export { Layout } from "./document";\n', /somewhere else/u],
    ['it is another component', root('<Links />').replace('react-router', './links'), /somewhere else/u],
    ['attributes come from elsewhere', root('<Links {...props} />'), /made elsewhere/u],
  ])('is left to its owner where %s', (_shape, text, reason) => {
    expect(reasonOf(linksEdit, text)).toMatch(reason)
  })
})

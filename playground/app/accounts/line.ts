import { createElement, Fragment, type ReactNode } from 'react'

/** What the page makes of a part of a sentence: a link, bold letters. */
export type Mark = (text: string) => ReactNode

/**
 * A sentence with a link or bold letters in it, as a template: `` line`New here? ${link('Register')}` ``. Each language
 * puts its parts where they belong.
 */
export function line(texts: TemplateStringsArray, ...parts: ReactNode[]): ReactNode {
  return createElement(Fragment, null, ...texts.flatMap((text, index) => [text, parts[index]]))
}

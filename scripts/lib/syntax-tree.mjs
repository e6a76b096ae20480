import { readFileSync } from 'node:fs'
import { parse } from '@babel/parser'

/** The program of a TypeScript file, JSX included where its name says so. */
export function parseFile(file) {
  return parseText(readFileSync(file, 'utf8'), { jsx: file.endsWith('x') })
}

export function parseText(text, { jsx = false } = {}) {
  const plugins = jsx ? ['typescript', 'jsx'] : ['typescript']
  return { text, program: parse(text, { sourceType: 'module', plugins }).program }
}

/** Shows every node, the outer one first. */
export function visit(node, see) {
  if (typeof node?.type === 'string') see(node)
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === 'object' && child !== null && typeof child.type === 'string') visit(child, see)
    }
  }
}

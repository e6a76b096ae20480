/**
 * The stylesheet for an app that has one of its own: each selector counts inside of the frame alone, and tokens are the
 * frame's. By lines, as Prettier writes them: a selector or a declaration to a line, `{` at its end, `}` alone.
 */
export function scopeStyles(stylesheet: string, scope: string): string {
  const blocks: ('rules' | 'declarations' | 'frames')[] = []
  let isComment = false
  return stylesheet
    .split('\n')
    .map((line) => {
      const text = line.trim()
      const isOurs = !isComment && blocks.at(-1) !== 'declarations' && blocks.at(-1) !== 'frames'
      if (text.startsWith('/*')) isComment = true
      const isSelector = isOurs && !isComment && /[,{]$/.test(text) && !text.startsWith('@')
      if (text.endsWith('*/')) isComment = false
      if (text.endsWith('{')) {
        const isRule = !text.startsWith('@')
        blocks.push(isRule ? 'declarations' : text.startsWith('@keyframes') ? 'frames' : 'rules')
      } else if (text === '}') blocks.pop()
      return isSelector ? scoped(line, scope) : line
    })
    .join('\n')
}

function scoped(line: string, scope: string): string {
  const indent = line.slice(0, line.length - line.trimStart().length)
  const selector = line.trim()
  const isFrame = /^(?::root|body)(?= \{|,$)/.test(selector)
  return indent + (isFrame ? selector.replace(/^(?::root|body)/, scope) : `${scope} ${selector}`)
}

import { describe, expect, it } from 'vitest'
import { edited, reasonOf } from '../testing-only/try-edit.ts'
import { exportEdit, nonceEdit } from './entry-server.ts'

describe('app/entry.server.tsx', () => {
  // As `npx react-router reveal` writes it.
  const revealed = `import { PassThrough } from "node:stream";
import type { EntryContext } from "react-router";
import { ServerRouter } from "react-router";
import { renderToPipeableStream } from "react-dom/server";

export default function handleRequest(request: Request, responseStatusCode: number, responseHeaders: Headers, routerContext: EntryContext) {
  return new Promise((resolve, reject) => {
    const { pipe, abort } = renderToPipeableStream(
      <ServerRouter context={routerContext} url={request.url} />,
      {
        onShellReady() {
          resolve(new Response());
        },
      },
    );
  });
}
`

  it('gives the nonce to the router and to the stream', () => {
    const text = edited(nonceEdit, revealed)
    expect(text).toContain(
      '<ServerRouter context={routerContext} url={request.url} nonce={getNonce(request)} />',
    )
    expect(text).toContain('{\n        nonce: getNonce(request),\n        onShellReady() {')
    expect(text).toContain('import { getNonce } from "@sigra/remix/react-router";')
  })

  it('knows the streams of the web, and options on one line', () => {
    const text = `import { ServerRouter } from 'react-router'
export default async function handle(req, status, headers, context) {
  const stream = await renderToReadableStream(<ServerRouter context={context} url={req.url} />, { onError() {} })
  return new Response(stream, { status, headers })
}
`
    expect(edited(nonceEdit, text)).toContain(
      'nonce={getNonce(req)} />, { nonce: getNonce(req), onError() {} })',
    )
  })

  it.each([
    ['half a nonce', revealed.replace('url={request.url}', 'url={request.url} nonce={nonce}'), /one place/u],
    [
      'two routers',
      revealed.replace('resolve(new Response());', 'resolve(<ServerRouter />)'),
      /single <ServerRouter>/u,
    ],
    [
      'options from elsewhere',
      revealed.replace(/\{\n\s+onShellReady[^]*?\},\n\s+\},/u, 'options,'),
      /written out/u,
    ],
    ['another renderer', revealed.replaceAll('renderToPipeableStream', 'renderSomehow'), /single call/u],
  ])('leaves %s alone', (_shape, text, reason) => {
    expect(reasonOf(nonceEdit, text)).toMatch(reason)
  })

  it('exports sigra for the server', () => {
    expect(edited(exportEdit, revealed)).toContain(
      '"react-dom/server";\n\nexport { sigra } from "./sigra.server";\n',
    )
    expect(edited(exportEdit, `${"import { sigra } from './sigra.server'\n"}void sigra\n`)).toContain(
      '\nexport { sigra }\n',
    )
    expect(reasonOf(exportEdit, 'import a from "a"\nconst sigra = 1\n')).toMatch(/of its own/u)
  })
})

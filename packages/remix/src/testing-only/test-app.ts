import {
  type ActionFunctionArgs,
  createRequestHandler,
  type LoaderFunctionArgs,
  type RouterContextProvider,
  type ServerBuild,
} from 'react-router'
import { getNonce, sigraMiddleware } from '../react-router/index.ts'
import type { Sigra } from '../sigra.ts'
import { wrapHandler } from '../wrap-handler.ts'

type Loader = (args: LoaderFunctionArgs) => unknown
type Action = (args: ActionFunctionArgs) => unknown

export interface TestRoute {
  /** Under which route it lies. @default 'root' */
  parentId?: string
  path?: string
  index?: boolean
  loader?: Loader
  action?: Action
  /** A resource route has none. @default true */
  isPage?: boolean
}

export interface TestAppOptions {
  /** `false`: the bare framework, as behind `react-router-serve`. @default true */
  isWrapped?: boolean
  /** One for all requests, as a host might by mistake. @default each gets its own */
  context?: RouterContextProvider
  rootLoader?: Loader
}

export type TestApp = (request: Request) => Promise<Response>

/** A React Router app around `sigra`. Its pages show loader and action data, errors and nonce as JSON. */
export function createTestApp(
  sigra: Sigra,
  routes: Record<string, TestRoute>,
  options: TestAppOptions = {},
): TestApp {
  const build = createBuild(sigra, routes, options.rootLoader ?? (() => null))
  const handler = createRequestHandler(build, 'production')
  if (options.isWrapped === false) return (request) => handler(request, options.context)
  return wrapHandler((request: Request) => handler(request, options.context), {
    sigra: () => sigra,
    socketAddress: () => '203.0.113.9',
  })
}

function createBuild(sigra: Sigra, routes: Record<string, TestRoute>, rootLoader: Loader): ServerBuild {
  const manifest: ServerBuild['routes'] = {
    root: {
      id: 'root',
      path: '',
      module: {
        default: () => null,
        ErrorBoundary: () => null,
        loader: rootLoader,
        middleware: [sigraMiddleware(sigra)],
      },
    },
  }
  const entries: ServerBuild['assets']['routes'] = { root: entryOf('root', undefined, true) }
  for (const [id, { parentId = 'root', path, index, isPage = true, loader, action }] of Object.entries(
    routes,
  )) {
    const place = { id, parentId, ...(path === undefined ? {} : { path }), ...(index ? { index } : {}) }
    const handlers = { ...(loader ? { loader } : {}), ...(action ? { action } : {}) }
    manifest[id] = {
      ...place,
      // A resource route is one without a component; the type does not know that there are any.
      module: { ...(isPage ? { default: () => null } : {}), ...handlers } as { default: () => null },
    }
    entries[id] = entryOf(id, parentId, loader !== undefined)
  }
  return {
    entry: { module: { default: renderAsJson, streamTimeout: 1000, handleError: () => undefined } },
    routes: manifest,
    assets: { entry: { imports: [], module: '' }, routes: entries, url: '', version: '1' },
    publicPath: '/',
    assetsBuildDirectory: '',
    future: {},
    ssr: true,
    isSpaMode: false,
    prerender: [],
    routeDiscovery: { mode: 'lazy', manifestPath: '/__manifest' },
  }
}

function entryOf(id: string, parentId: string | undefined, hasLoader: boolean) {
  const flags = {
    hasAction: false,
    hasClientAction: false,
    hasClientLoader: false,
    hasClientMiddleware: false,
  }
  return {
    id,
    ...(parentId === undefined ? {} : { parentId }),
    ...flags,
    hasDefaultExport: true,
    hasErrorBoundary: id === 'root',
    hasLoader,
    module: '',
    clientActionModule: undefined,
    clientLoaderModule: undefined,
    clientMiddlewareModule: undefined,
    hydrateFallbackModule: undefined,
  }
}

const renderAsJson: ServerBuild['entry']['module']['default'] = (
  request,
  status,
  headers,
  { staticHandlerContext },
) => {
  const { loaderData, actionData, errors } = staticHandlerContext
  headers.set('Content-Type', 'text/html')
  return new Response(JSON.stringify({ loaderData, actionData, errors, nonce: getNonce(request) }), {
    status,
    headers,
  })
}

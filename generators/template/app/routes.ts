import { index, route, type RouteConfig } from '@react-router/dev/routes'
// sigra:if accounts
import { sigraRoutes } from './sigra.routes.ts'
// sigra:end

export default [
  index('routes/home.tsx'),
  route('favicon.svg', 'routes/favicon.ts'),
  // sigra:if accounts
  ...sigraRoutes(),
  // sigra:end
] satisfies RouteConfig

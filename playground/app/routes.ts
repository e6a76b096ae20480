import { index, route, type RouteConfig } from '@react-router/dev/routes'
import { sigraRoutes } from './sigra.routes.ts'

export default [
  index('routes/home.tsx'),
  route('favicon.svg', 'routes/favicon.ts'),
  route('organizations/:slug/projects/:projectId', 'routes/project.tsx'),
  ...sigraRoutes(),
] satisfies RouteConfig

import { index, type RouteConfig } from '@react-router/dev/routes'
import { sigraRoutes } from './sigra.routes.ts'

export default [index('routes/home.tsx'), ...sigraRoutes()] satisfies RouteConfig

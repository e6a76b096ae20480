export { getNonce, sigraMiddleware } from './sigra-middleware.ts'

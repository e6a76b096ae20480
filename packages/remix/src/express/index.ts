export { type AppBuild, buildOfVite, loadBuild, type ViteServer } from './app-build.ts'
export { showInBrowser, type StackFixer } from './show-in-browser.ts'
export {
  type NodeErrorMiddleware,
  type NodeMiddleware,
  sigraExpress,
  sigraExpressErrors,
  type SigraExpressOptions,
} from './sigra-express.ts'
export { stopGracefully, type StopOptions } from './stop-gracefully.ts'
export { checkSettings, type SettingsCheck } from '@sigra/mikro-orm'

export {
  type NodeErrorMiddleware,
  type NodeMiddleware,
  sigraExpress,
  sigraExpressErrors,
  type SigraExpressOptions,
} from './sigra-express.ts'
export { checkSettings, type SettingsCheck } from '@sigra/mikro-orm'

export {
  type NodeErrorMiddleware,
  type NodeMiddleware,
  sigraExpress,
  sigraExpressErrors,
  type SigraExpressOptions,
} from './sigra-express.ts'

export type { FormReason } from './forms/form-entries.ts'
export {
  type FormError,
  type FormErrors,
  type FormReply,
  parseForm,
  type ParsedForm,
} from './forms/parse-form.ts'
export { parseJson, type ParsedJson } from './forms/parse-json.ts'

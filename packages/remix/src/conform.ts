export { type FieldErrors, type FormReply, parseForm, type ParsedForm } from './forms/parse-form.ts'
export { parseJson, type ParsedJson } from './forms/parse-json.ts'

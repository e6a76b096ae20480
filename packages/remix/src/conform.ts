export { type FieldErrors, type FormReply, parseForm, type ParsedForm } from './forms/parse-form.ts'

import { paths } from '../paths.ts'

/** Between a log-in by password and where somebody wanted to go. */
export const addPasskeyPath = `${paths.logIn}/add-passkey`

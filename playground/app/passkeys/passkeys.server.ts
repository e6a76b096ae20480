import { sigra } from '../sigra.server.ts'
import { passkeys as area } from './passkeys.config.ts'

// The place for what your product thinks about passkeys. Routes call this and nothing deeper, so a function that you write
// here in place of one of the library's holds on every page.
export const passkeys = { ...sigra.area(area) }

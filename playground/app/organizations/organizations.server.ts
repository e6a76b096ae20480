import { sigra } from '../sigra.server.ts'
import { organizations as area } from './organizations.config.ts'

// The place for what your product thinks about organizations. Routes call this and nothing deeper, so a function that you
// write here in place of one of the library's holds on every page.
export const organizations = { ...sigra.area(area) }

export const { getOrganization, requireOrganization, requireMember, can, forOrganization } = organizations

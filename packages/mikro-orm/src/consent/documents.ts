import { ConfigInvalid } from '@sigra/core'
import { refuseUnknown } from '../refuse-unknown.ts'

/** A document that people accept: terms of use, for example. */
export interface DocumentOptions {
  /** Of its text. Whoever accepted another one is asked again: `2026-12-01`. */
  version: string
  /** Where it can be read: a path of this app, or an address that begins with `https://`. */
  url: string
  /** `true`: whoever is logged in is asked at their next page. `false`: at the next log-in. @default false */
  required?: boolean
}

/** By name. A name stays: what was accepted is kept under it. */
export type Documents = Readonly<Record<string, DocumentOptions>>

/** A document in the version that counts now. */
export interface Document {
  name: string
  version: string
  url: string
  required: boolean
}

const knownKeys = { version: true, url: true, required: true } satisfies Record<keyof DocumentOptions, true>

/** As a form posts it: the name has no colon. */
export function documentKey({ name, version }: Pick<Document, 'name' | 'version'>): string {
  return `${name}:${version}`
}

/**
 * Checks what an app says of its documents.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID`, one sentence for the first mistake found.
 */
export function readDocuments(documents: Documents): readonly Document[] {
  if (typeof documents !== 'object' || documents === null) {
    throw new ConfigInvalid('documents must be an object, by name')
  }
  return Object.entries(documents).map(([name, options]) => readDocument(name, options))
}

function readDocument(name: string, options: DocumentOptions): Document {
  const place = `documents.${name}`
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(name)) {
    throw new ConfigInvalid(`${place}: a name has at most 64 small letters, digits and hyphens`)
  }
  refuseUnknown(options, knownKeys, (key) => `"${place}.${key}" is not an option of Sigra`)
  const { version, url, required = false } = options
  if (typeof version !== 'string' || !/^[\x21-\x7e]{1,64}$/.test(version)) {
    throw new ConfigInvalid(`${place}.version must be 1 to 64 characters without blanks, like 2026-12-01`)
  }
  if (typeof url !== 'string' || !/^(?:\/(?![/\\])|https:\/\/[^/])/.test(url)) {
    throw new ConfigInvalid(`${place}.url must be a path like /terms, or begin with https://`)
  }
  if (typeof required !== 'boolean') throw new ConfigInvalid(`${place}.required must be true or false`)
  return { name, version, url, required }
}

import { major, minVersion, satisfies, validRange, type SemVer } from 'semver'
import { PreconditionFailed } from './errors.ts'

/** The versions of React Router that ship the security fixes and that the generated code runs on. */
const routers = '^7.18.3 || ^8.3.0'

/** What `sigra dev` needs. */
const vites = '>=8.0.0'

const anyRelease = { includePrerelease: true }

/** @returns The major version, where the range tells. @throws {PreconditionFailed} */
export function checkRouter(range: string): number | undefined {
  const version = oldestOf(range)
  if (version === null || satisfies(version, routers, anyRelease)) return version?.major
  const needed = routers
    .split(' || ')
    .map((one) => `${one.slice(1)} or newer within version ${major(one.slice(1))}`)
  throw new PreconditionFailed(
    `This app uses React Router ${range}, and Sigra needs ${needed.join(', or ')}. Update react-router and @react-router/* together, then run again.`,
  )
}

/** @throws {PreconditionFailed} */
export function checkVite(range: string | undefined): void {
  const version = range === undefined ? null : oldestOf(range)
  if (version === null || satisfies(version, vites, anyRelease)) return
  throw new PreconditionFailed(
    `This app uses Vite ${range}, and \`sigra dev\` needs ${vites.slice(2)} or newer. Update vite, then run again.`,
  )
}

/** The oldest version a range allows; `null` for “latest”, a tag, a URL or any version: the package manager knows. */
function oldestOf(range: string): SemVer | null {
  const plain = range.replace(/^(?:workspace|npm):(?:(?:@[^/]+\/)?[^@]+@)?/u, '')
  const valid = validRange(plain)
  return valid === null || valid === '*' ? null : minVersion(valid)
}

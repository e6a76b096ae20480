import { UsageInvalid } from './errors.ts'

/** @throws {UsageInvalid} */
export function refuseUnless(isFine: boolean, message: string): void {
  if (!isFine) throw new UsageInvalid(message)
}

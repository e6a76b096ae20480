import type { PolicyCheck } from '../policy.ts'
import { refuseFastBuckets } from '../policy-rules.ts'
import type { Settings } from '../policy-setting.ts'
import { applyChanges, readDefaults } from '../policy-tree.ts'

/**
 * An area's default policy with the host's changes.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` naming the first unknown key, or value out of range.
 */
export function createAreaPolicy<T extends object>(
  settings: Settings<T>,
  changes: object,
  area: string,
  check: PolicyCheck,
): T {
  const path = `${area}: policy`
  const policy = readDefaults(settings)
  applyChanges(policy, changes, settings, path, check)
  if (!check.dangerouslyWeak) refuseFastBuckets(policy, readDefaults(settings), path)
  return policy
}

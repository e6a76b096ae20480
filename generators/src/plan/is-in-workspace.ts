import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

const roots = ['pnpm-workspace.yaml', '.yarnrc.yml']

/** Whether a folder above an app has the settings of a package manager for all the apps in it. */
export function isInWorkspace(root: string): boolean {
  const above = dirname(root)
  if (above === root) return false
  return roots.some((name) => existsSync(join(above, name))) || isInWorkspace(above)
}

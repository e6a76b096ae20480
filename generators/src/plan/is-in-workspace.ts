import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { withoutMark } from '../byte-order-mark.ts'
import type { Flags } from '../state.ts'

/**
 * Whether a folder above an app is the root of a workspace: there a package manager keeps its settings for all apps in
 * it. A `.yarnrc.yml` alone is none; many have one in their home.
 */
export function isInWorkspace(root: string, pm: Flags['pm']): boolean {
  const above = dirname(root)
  if (above === root) return false
  return isWorkspaceRoot(above, pm) || isInWorkspace(above, pm)
}

function isWorkspaceRoot(folder: string, pm: Flags['pm']): boolean {
  if (pm === 'pnpm') return existsSync(join(folder, 'pnpm-workspace.yaml'))
  try {
    const manifest: unknown = JSON.parse(withoutMark(readFileSync(join(folder, 'package.json'), 'utf8')))
    return typeof manifest === 'object' && manifest !== null && 'workspaces' in manifest
  } catch {
    return false // there is none, or none that a package manager could read
  }
}

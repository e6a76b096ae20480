import { expect } from 'vitest'
import { hasSudo } from './sign-in-evidence.ts'
import { anywhere, type Scene, type Step } from './step.ts'
import { type Account, changeCredentials, type Evidence } from './world.ts'

/** A change in the settings: it must have been allowed, and this browser goes on. */
export function settingsStep(
  name: string,
  change: (scene: Scene, evidence: Evidence) => Promise<Partial<Account> | null>,
  options: { allowsRecovery?: boolean; mayHelp?: Step['suits']; weight?: number } = {},
): Step {
  const { allowsRecovery = false, mayHelp = anywhere, weight = 1 } = options
  return {
    name,
    weight,
    suits: (scene) => hasSudo(scene.world, scene.browser, { allowsRecovery }) && mayHelp(scene),
    async run(scene) {
      const { world, browser } = scene
      const { evidence } = browser
      if (evidence?.awaiting !== null) return false
      const isAllowed = hasSudo(world, browser, { allowsRecovery })
      const changed = await change(scene, evidence)
      if (!changed) return false
      expect(isAllowed, `${name} without sudo`).toBe(true)
      Object.assign(evidence.account, changed)
      changeCredentials(world, evidence.account, browser)
      return true
    },
  }
}

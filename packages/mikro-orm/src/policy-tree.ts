import { ConfigInvalid, Impossible } from '@sigra/core'
import type { PolicyEntry, PolicyValue } from './policy.ts'
import type { Setting, Settings } from './policy-setting.ts'

type AnySetting = Setting<PolicyValue>

/** What applies where a host says nothing. */
export function readDefaults<T>(known: Settings<T>): T {
  const defaults = collect(known)
  if (!fits(defaults, known)) throw new Impossible('a default does not fit its own setting')
  return defaults
}

/**
 * Puts what a host wants different into a policy.
 *
 * @throws {ConfigInvalid} `SIGRA_CONFIG_INVALID` naming the first unknown key, or value out of range.
 */
export function applyChanges(
  target: object,
  changes: object,
  known: object,
  path: string,
  check: { dangerouslyWeak?: boolean },
): void {
  for (const [key, value] of Object.entries(changes)) {
    const at = `${path}.${key}`
    const setting: unknown = Object.hasOwn(known, key) ? Reflect.get(known, key) : undefined
    if (!isRecord(setting)) throw new ConfigInvalid(`${at} is not a setting`)
    if (value === undefined) continue
    if (!isSetting(setting)) {
      const inside: unknown = Reflect.get(target, key)
      if (!isRecord(value) || !isRecord(inside)) throw new ConfigInvalid(`${at} must be an object`)
      applyChanges(inside, value, setting, at, check)
      continue
    }
    const isFine = check.dangerouslyWeak ? setting.means(value) : setting.accepts(value)
    if (!isFine) throw new ConfigInvalid(`${at} must be ${setting.allowed}`)
    Reflect.set(target, key, value)
  }
}

/** Every setting of a policy, in their order. */
export function listEntries(known: object): PolicyEntry[] {
  return listSettings(known, 'policy').map(([name, { default: standard, allowed }]) => ({
    name,
    default: standard,
    allowed,
  }))
}

function listSettings(known: object, path: string): (readonly [string, AnySetting])[] {
  return Object.entries(known).flatMap(([key, setting]: [string, unknown]) => {
    const name = `${path}.${key}`
    if (isSetting(setting)) return [[name, setting] as const]
    return isRecord(setting) ? listSettings(setting, name) : []
  })
}

function collect(known: object): object {
  return Object.fromEntries(
    Object.entries(known).map(([key, setting]: [string, unknown]) => {
      if (isSetting(setting)) return [key, setting.default]
      return [key, isRecord(setting) ? collect(setting) : undefined]
    }),
  )
}

function fits<T>(value: unknown, known: Settings<T>): value is T {
  return isMeant(value, known)
}

/** Whether each value of a tree is one that its setting could have. */
function isMeant(value: unknown, known: object): boolean {
  return Object.entries(known).every(([key, setting]: [string, unknown]) => {
    const one: unknown = isRecord(value) ? value[key] : undefined
    return isSetting(setting) ? setting.means(one) : isRecord(setting) && isMeant(one, setting)
  })
}

function isSetting(value: unknown): value is AnySetting {
  return isRecord(value) && value['isSetting'] === true
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

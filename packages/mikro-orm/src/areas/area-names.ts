import type { DeclaredArea } from './area.ts'

/** What a worker says of itself, and what readiness asks of one. */
export function areaNames(areas: readonly DeclaredArea[]): string[] {
  return areas.map(({ declaration }) => declaration.name)
}

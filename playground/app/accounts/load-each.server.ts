/**
 * Asks the server's half of every entry of a list, one after the other.
 *
 * @returns by id what each found; an entry that found nothing is not there for this person
 */
export async function loadEach<Load, Found>(
  loads: Readonly<Record<string, Load>>,
  ask: (load: Load) => Found | Promise<Found>,
): Promise<Partial<Record<string, NonNullable<Found>>>> {
  const found: Partial<Record<string, NonNullable<Found>>> = {}
  for (const [id, load] of Object.entries(loads)) {
    const loaded = await ask(load)
    if (loaded != null) found[id] = loaded
  }
  return found
}

const UNIQUE_VIOLATION = '23505' // PostgreSQL, appendix A

/** Answers `instead` where work was undone because a row is there already; every other error passes. */
export async function orUniqueViolation<T>(work: Promise<T>, instead: T): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (isUniqueViolation(error)) return instead
    throw error
  }
}

function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return ('code' in error && error.code === UNIQUE_VIOLATION) || isUniqueViolation(error.cause)
}

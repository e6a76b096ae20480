/** How long after it was used a success of a mailed token is answered again. */
export const REPEAT_SECONDS = 60

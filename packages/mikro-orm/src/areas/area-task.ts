/** The worker's task for what areas look after by themselves. */
export const AREA_TASK = 'sigra.areas'

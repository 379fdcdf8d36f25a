/** The descriptors of a spawned process that its parent opened. */
export const LINK = 3
export const LIFELINE = 4

/** The descriptors of a spawned process that its parent opened. */
export const LINK = 3
export const LIFELINE = 4
/** What comes first by the link, when the process is to begin. */
export const GO = '.'

/** Where the main thread gets its tasks. */
export const TASKS = 4

/** Where the supervisor hears of what can't wait for the main thread. */
export const CHANNEL = 3

/**
 * The globals as they are before a notebook defines names of its own: the session loads this when it starts, and what
 * needs it when a cell first uses workers.
 */
export const globals: Readonly<Record<string, PropertyDescriptor>> = Object.getOwnPropertyDescriptors(globalThis)

import type { SessionEvent } from '../../session/protocol.ts'

const TYPES = ['stream', 'display', 'result', 'error', 'clear', 'run'] as const

/** What can become part of an Output widget, or change it. */
export type CapturedEvent = Extract<SessionEvent, { type: (typeof TYPES)[number] }>

export function isCaptured(event: SessionEvent): event is CapturedEvent {
  return (TYPES as readonly string[]).includes(event.type)
}

import { Leases, LEASES_BYTES } from '../leases.ts'
import { openSharedMemory } from '../shared-memory.ts'
import type { Member } from './member.ts'

/** Opens the memory in which a realm will count what it takes. `false` where memory can't be shared. */
export function openLeases(memory: SharedArrayBuffer | string, member: Member): boolean {
  const shared = typeof memory === 'string' ? openSharedMemory(memory, LEASES_BYTES) : { memory, release: () => undefined }
  if (!shared) return false
  if (member.gone) shared.release()
  else member.keep(new Leases(shared.memory), shared.release)
  return true
}

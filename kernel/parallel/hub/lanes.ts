import { LaneReader, LANES_BYTES, LaneWriter } from '../lanes.ts'
import { openSharedMemory } from '../shared-memory.ts'
import type { Member } from './member.ts'

/** Opens the lanes that a process offers. `false` where memory can't be shared. */
export function openLanes(path: string, member: Member): boolean {
  const shared = openSharedMemory(path, LANES_BYTES)
  if (!shared) return false
  const { client } = member
  if (member.gone) shared.release()
  else {
    client.useLanes?.({ incoming: new LaneReader(shared.memory, 0), outgoing: new LaneWriter(shared.memory, 1) })
    member.lanes = {
      [Symbol.dispose]: () => {
        client.useLanes?.({})
        shared.release()
      }
    }
  }
  return true
}

import { homedir } from 'node:os'

/** A path as a shell reads it: `~` is the user's home. */
export function fromHome(path: string): string {
  return path.replace(/^~(?=$|\/)/, () => homedir())
}

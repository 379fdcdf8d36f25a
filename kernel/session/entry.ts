/** A session's process. */
import { enableCompileCache } from 'node:module'

// What is loaded before this isn't kept.
enableCompileCache()
await import('./start.ts')

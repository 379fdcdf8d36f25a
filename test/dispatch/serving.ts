import { argv } from 'node:process'
import { serve } from '../../kernel/dispatch/serve.ts'
import { ScriptedSession } from './scripted-session.ts'

process.env['PARACELL_TYPES'] = 'none'

/** A kernel process with a scripted session. */
await serve(argv[2] ?? '', () => new ScriptedSession())
console.log('served')

import { createRequire } from 'node:module'
import { argv } from 'node:process'
import { serve } from '../../kernel/dispatch/serve.ts'
import { ScriptedSession } from './scripted-session.ts'

process.env['PARACELL_TYPES'] = 'none'

/** A kernel process with a scripted session. Says on stdout whether zeromq was there before the session. */
await serve(argv[2] ?? '', () => {
  const loaded = Object.keys(createRequire(import.meta.url).cache).some(file => file.includes('/zeromq/'))
  console.log(loaded ? 'zeromq came first' : 'the session came first')
  return new ScriptedSession()
})
console.log('served')

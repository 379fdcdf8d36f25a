import { ShownDisplay } from '../display/display.ts'
import { registerCodec } from './capture/codecs.ts'

/** What was displayed can be updated from each thread and process. */
registerCodec('Display', {
  test: value => value instanceof ShownDisplay,
  encode: (shown: ShownDisplay) => shown.id,
  decode: (id: string) => new ShownDisplay(id)
})

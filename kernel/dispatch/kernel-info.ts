import info from '../../package.json' with { type: 'json' }
import { type Content, PROTOCOL_VERSION } from '../wire/messages.ts'

/** What the kernel tells about itself. */
export const KERNEL_INFO: Content = {
  protocol_version: PROTOCOL_VERSION,
  implementation: 'paracell',
  implementation_version: info.version,
  language_info: {
    name: 'typescript',
    version: process.versions.node,
    mimetype: 'application/typescript',
    file_extension: '.ts',
    pygments_lexer: 'typescript',
    codemirror_mode: 'typescript',
    nbconvert_exporter: 'script'
  },
  banner: `Paracell ${info.version}: TypeScript on Node ${process.versions.node}, in threads and processes`,
  help_links: [
    { text: 'TypeScript', url: 'https://www.typescriptlang.org/docs/' },
    { text: 'Node.js', url: 'https://nodejs.org/docs/latest-v24.x/api/' }
  ],
  supported_features: ['kernel subshells']
}

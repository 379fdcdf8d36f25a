import { UsageError } from '../errors.ts'
import { runLive } from '../parallel/programs/live.ts'
import { defineMagic } from './magic.ts'

/** All that follows is npm's: packages with their versions, and options such as -D. */
export const installMagic = defineMagic({
  summary: 'installs packages from npm into the notebook\'s folder; without a name, those of its package.json',
  async line({ text, notebook: { folder }, signal }) {
    const args = ['install', '--no-fund', '--no-audit', '--prefix', folder, ...text.split(/\s+/).filter(Boolean)]
    const { status } = await runLive('npm', args, { cwd: folder, signal })
    if (status !== 0) throw new UsageError(`npm could not install ${text || 'what package.json asks for'}: it ended with exit status ${status}.`)
  }
})

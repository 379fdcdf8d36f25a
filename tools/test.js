// `npm test`: everything that can be checked, from a fresh clone. Arguments are the test files to run instead of all.
import { build, installPackages, main, node } from './project.js'

await main(async () => {
  await installPackages()
  await build()
  return node('tools/run-tests.ts', ...process.argv.slice(2))
})

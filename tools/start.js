// `npm start`: JupyterLab on the notebooks, from a fresh clone. Everything given after `--` goes to JupyterLab.
import { build, installPackages, main, node } from './project.js'

await main(async () => {
  await installPackages()
  await build()
  return node('dist/main.js', 'lab', 'notebooks', '--venv', '.venv', ...process.argv.slice(2))
})

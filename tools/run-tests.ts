import { resolve } from 'node:path'
import { execa } from 'execa'
import { prepareEnvironment } from '../kernel/commands/lab/environment.ts'
import { reportingErrors } from '../kernel/commands/report.ts'

const PYTHON_PACKAGES = ['jupyterlab>=4.2,<5', 'ipywidgets>=8,<9', 'anywidget>=0.11,<0.12', 'jupyter_kernel_test', 'nbclient', 'jupyter-console', 'papermill']

// Kernels are those that users get.
const BUILD = { PARACELL_TEST_BUILD: '1' }
// What hangs is a failure too.
const TESTS = ['node', '--test', '--test-timeout=300000']
const EVERYTHING = [['npm', 'run', '--silent', 'check'], [...TESTS, 'test/**/*.test.ts']]

await reportingErrors(async () => {
  await prepareEnvironment(resolve('.venv'), PYTHON_PACKAGES)
  const files = process.argv.slice(2)
  for (const [command = '', ...args] of files.length > 0 ? [[...TESTS, ...files]] : EVERYTHING) {
    const { exitCode } = await execa(command, args, { stdio: 'inherit', reject: false, preferLocal: true, env: BUILD })
    process.exitCode = exitCode ?? 1
    if (exitCode !== 0) return
  }
})

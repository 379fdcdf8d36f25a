import { resolve } from 'node:path'
import { execa } from 'execa'
import { prepareEnvironment } from '../kernel/commands/lab/environment.ts'
import { reportingErrors } from '../kernel/commands/report.ts'

const PYTHON_PACKAGES = ['jupyterlab>=4.2,<5', 'ipywidgets>=8,<9', 'jupyter_kernel_test', 'nbclient']

await reportingErrors(async () => {
  const files = process.argv.slice(2)
  const steps = files.length > 0 ? [] : [['npm', 'run', '--silent', 'check']]
  await prepareEnvironment(resolve('.venv'), PYTHON_PACKAGES)
  for (const [command = '', ...args] of [...steps, ['node', '--test', ...(files.length > 0 ? files : ['test/**/*.test.ts'])]]) {
    const { exitCode } = await execa(command, args, { stdio: 'inherit', reject: false, preferLocal: true })
    if (exitCode !== 0) {
      process.exitCode = exitCode ?? 1
      return
    }
  }
})

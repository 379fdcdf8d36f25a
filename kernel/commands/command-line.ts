import { Command, CommanderError } from 'commander'
import manifest from '../../package.json' with { type: 'json' }
import type { WorkerCommand } from '../machine/worker.ts'
import { reportingErrors } from './report.ts'

/** `paracell …` as typed. `main` is the file that a kernelspec has to start. Sets `process.exitCode`: 2 for a wrong call. */
export async function commandLine(main: string, argv: readonly string[]): Promise<void> {
  const program = new Command('paracell').description(manifest.description).version(manifest.version)
  program.exitOverride().showHelpAfterError('Try: paracell --help')
  addKernel(program)
  addInstall(program, main)
  addRun(program, main)
  addLab(program, main)
  addWorker(program)
  await reportingErrors(() => program.parseAsync([...argv]).catch(endOfCommandLine))
}

// Help and version end the program too; commander has already said what there was to say.
function endOfCommandLine(error: unknown): void {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode === 0 ? 0 : 2
}

function addKernel(program: Command): void {
  program
    .command('kernel <connection-file>')
    .description('serve the kernel that a connection file describes (what the kernelspec runs)')
    .action(async (file: string) => (await import('./kernel.ts')).kernel(file))
}

interface Place {
  user?: boolean
  prefix?: string
}

function addInstall(program: Command, main: string): void {
  const place = (name: string, what: string) =>
    program
      .command(name)
      .description(what)
      .option('--user', "in the user's own Jupyter folder (the default)")
      .option('--prefix <dir>', 'in DIR/share/jupyter, for instance of a virtual environment')
  place('install', 'tell Jupyter about the kernel').action(async ({ prefix }: Place) => {
    console.log((await import('./install.ts')).install({ main, prefix }))
  })
  place('uninstall', 'take the kernel out of Jupyter again').action(async ({ prefix }: Place) => {
    console.log((await import('./install.ts')).uninstall({ prefix }))
  })
}

function addRun(program: Command, main: string): void {
  program
    .command('run <notebook>')
    .description('run a notebook from top to bottom, up to the first error, and write into it what it shows')
    .option('-p, --parameter <name=value>', 'give a variable of the cell tagged "parameters" another value, or several (count=1,2,3), of which each combination is run; may be repeated', collect)
    .option('-f, --parameters-file <file>', 'the same by a YAML or JSON file; -p goes before it')
    .option('--help-notebook', 'only say which parameters the notebook has')
    .option('-o, --out <notebook>', 'write to this file instead and leave the notebook as it is; {name} in it is the value of a parameter, {run} the number of the run')
    .option('-j, --jobs <n>', 'how many runs at a time; default: as many as there are processors')
    .option('--timeout <ms>', 'interrupt a cell that takes longer')
    .option('--verbose', 'print what the cells print')
    .action(async (notebook: string, { parameter = [], ...options }: { parameter?: string[]; parametersFile?: string; helpNotebook?: true; out?: string; jobs?: string; timeout?: string; verbose?: true }) => {
      process.exitCode = await (await import('./run.ts')).run({ main, notebook, parameters: parameter, ...options })
    })
}

function collect(value: string, values: readonly string[] = []): string[] {
  return [...values, value]
}

function addLab(program: Command, main: string): void {
  program
    .command('lab [folder] [jupyterlab-options...]')
    .description('open JupyterLab with the kernel; sets it up the first time')
    .option('--venv <dir>', 'the virtual environment that has, or gets, JupyterLab')
    .allowUnknownOption()
    .action(async (_folder: string, _options: string[], { venv }: { venv?: string }, command: Command) => {
      process.exitCode = await (await import('./lab/lab.ts')).lab({ main, venv, args: command.args })
    })
}

function addWorker(program: Command): void {
  program
    .command('worker')
    .description('work for the notebooks of a cluster on this machine, until SIGTERM')
    .option('--redis <url>', 'the Redis or Valkey that all have in common; or PARACELL_REDIS')
    .option('--key-file <file>', 'the key that all have in common; or PARACELL_KEY_FILE')
    .option('--insecure', 'without a key, by a Redis that only this machine can reach')
    .option('--concurrency <n>', 'how many jobs at a time; by default as many as the machine has cores')
    .option('--tags <tags>', 'what the machine has that others may not, such as gpu,big')
    .option('--name <name>', "what the machine is called; by default the host's name")
    .option('--install', 'install packages that jobs need, into a cache')
    .action(async (options: WorkerCommand) => {
      process.exitCode = await (await import('../machine/worker.ts')).worker(options)
    })
}

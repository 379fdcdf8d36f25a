import { UsageError } from '../errors.ts'

/**
 * Runs a command and says on stderr why it failed: one line and exit code 2 for what the user can mend,
 * the whole story and exit code 1 for what we have to.
 */
export async function reportingErrors(run: () => unknown): Promise<void> {
  try {
    await run()
  } catch (error) {
    console.error(error instanceof UsageError ? `paracell: ${error.message}` : error)
    process.exitCode = error instanceof UsageError ? 2 : 1
  }
}

import { startProcess } from '../session/process.ts'

/** Serves the kernel that a front end described in a connection file, until it is asked to shut down. */
export async function kernel(connectionFile: string): Promise<void> {
  if (process.env['JPY_PARENT_PID']) endWithParent(process.ppid)
  // First of all, so that the session's process starts up while this one loads the rest.
  const first = startProcess()
  const [{ reportingErrors }, { serve }, { openSession }] = await Promise.all([import('./report.ts'), import('../dispatch/serve.ts'), import('../session/host.ts')])
  await reportingErrors(() => serve(connectionFile, () => openSession(first)))
}

/** A front end that was killed can't say goodbye: then this process gets another parent. */
function endWithParent(parent: number): void {
  setInterval(() => process.ppid === parent || process.exit(1), 1000).unref()
}

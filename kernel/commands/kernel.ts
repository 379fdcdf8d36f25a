import { serve } from '../dispatch/serve.ts'
import { openSession } from '../session/host.ts'
import { reportingErrors } from './report.ts'

/** Serves the kernel that a front end described in a connection file, until it is asked to shut down. */
export async function kernel(connectionFile: string): Promise<void> {
  if (process.env['JPY_PARENT_PID']) endWithParent(process.ppid)
  await reportingErrors(() => serve(connectionFile, openSession))
}

/** A front end that was killed can't say goodbye: then this process gets another parent. */
function endWithParent(parent: number): void {
  setInterval(() => process.ppid === parent || process.exit(1), 1000).unref()
}

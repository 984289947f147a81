/** Keeps what a function of the caller's returned from ending the process, should it be a promise that rejects: functions that
 * are declared to return nothing may be asynchronous.
 * @param returned - What it returned. */
export function containRejection(returned: unknown): void {
  if (returned instanceof Promise) returned.catch(ignore)
}

function ignore(): void {}

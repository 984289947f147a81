import type { FetchLike } from '@multiplexer/core/router'

const PAUSE_MS = 60_000

/** Wraps a member's `fetch`: beside requests that come through it, a question is asked again until it is answered, at most
 * once a minute. Requests carry it and no timer, as brokers alone have nobody who could stop one.
 * @param learn - Asks once; tells whether that was the answer.
 * @param options.now - Milliseconds since the Unix epoch. @default the platform's clock */
export function askAgain(
  fetch: FetchLike,
  learn: () => Promise<boolean>,
  { now = () => Date.now() }: { readonly now?: (() => number) | undefined },
): FetchLike {
  let askedMs = now()
  let isOpen = true
  const ask = async (): Promise<void> => {
    isOpen = false
    isOpen = !(await learn())
  }
  return (input, init) => {
    // A clock that was set back must not end the questions.
    if (isOpen && Math.abs(now() - askedMs) >= PAUSE_MS) {
      askedMs = now()
      ask().catch(() => undefined)
    }
    return fetch(input, init)
  }
}

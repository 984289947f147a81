import type { Outcome } from './send-completion.ts'

/** An outcome for people. */
export function formatOutcome({ url, requesterAddress, transferAddress, status, answer }: Outcome): string {
  const text = withoutControls(
    spokenText(answer) ?? (typeof answer === 'string' ? answer : JSON.stringify(answer, null, 2)),
  )
  return [
    `POST ${url}`,
    `signed by ${requesterAddress}`,
    `for       ${transferAddress}`,
    `status    ${status}`,
    text,
  ].join('\n')
}

/** What to tell of a failure: message and code, and what the network said underneath. */
export function describeError(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: 'unknown', message: 'Something that is no error was thrown.' }
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown; message?: unknown } }
  if (typeof code === 'string') return { code, message: error.message }
  // `fetch failed` says nothing; what the network said is underneath.
  const reason = cause?.code ?? cause?.message
  if (typeof reason !== 'string') return { code: error.name, message: error.message }
  return { code: reason, message: `${error.message} (${reason})` }
}

/** What the model said. Nodes add long lists of probabilities around it; `--json` shows them. */
function spokenText(answer: unknown): string | undefined {
  const completion = answer as { choices?: { message?: { content?: unknown } }[] } | null
  const content = completion?.choices?.[0]?.message?.content
  return typeof content === 'string' ? content : undefined
}

/** A node's text must not move the cursor or rename the window. */
function withoutControls(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, '\u{fffd}')
}

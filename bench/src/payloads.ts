const encoder = new TextEncoder()

/** A chat request of about one kilobyte, as the SDK takes it. */
export const CHAT_REQUEST: { model: string; messages: { role: 'system' | 'user'; content: string }[] } = {
  model: 'm',
  messages: [
    { role: 'system', content: 'You answer briefly.' },
    { role: 'user', content: 'Tell me about lions. '.repeat(40) },
  ],
}

const ID = { id: 'chatcmpl-bench', created: 1_700_000_000, model: 'm' }

/** A complete answer, as an upstream sends it. */
export const ANSWER: Uint8Array<ArrayBuffer> = encoder.encode(
  JSON.stringify({
    ...ID,
    object: 'chat.completion',
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Lions sleep. '.repeat(20) } }],
    usage: { prompt_tokens: 220, completion_tokens: 60, total_tokens: 280 },
  }),
)

/** Content events in `STREAM`. */
export const STREAM_EVENTS = 100

/** A complete stream, one element per event, as an upstream sends it. */
export const STREAM: readonly Uint8Array<ArrayBuffer>[] = [
  ...Array.from({ length: STREAM_EVENTS }, (_, index) => encodeEvent({ content: `word${index} ` }, null)),
  encodeEvent({}, 'stop'),
  encoder.encode('data: [DONE]\n\n'),
]

function encodeEvent(delta: object, finishReason: string | null): Uint8Array<ArrayBuffer> {
  const choices = [{ index: 0, delta, finish_reason: finishReason }]
  return encoder.encode(`data: ${JSON.stringify({ ...ID, object: 'chat.completion.chunk', choices })}\n\n`)
}

/** A request as a node received it. */
export interface RecordedRequest {
  /** Upper case. */
  readonly method: string
  /** Path with query, as sent. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The body as UTF-8 text, its first 64 KiB; empty until it has come. */
  readonly body: string
  /** Status of the answer; undefined while there is none, and for good when the request was hung, reset or abandoned. */
  readonly status: number | undefined
  /** When it came, in milliseconds since the Unix epoch. */
  readonly atMs: number
}

/** A log entry while it is being filled in. */
export type OpenRecord = { -readonly [Key in keyof RecordedRequest]: RecordedRequest[Key] }

const MAX_ENTRIES = 10_000
const MAX_BODY_BYTES = 65_536

/** The latest requests of one node. */
export class RequestLog {
  readonly #entries: OpenRecord[] = []

  get entries(): readonly RecordedRequest[] {
    return this.#entries
  }

  open(start: Pick<RecordedRequest, 'method' | 'path' | 'headers' | 'atMs'>): OpenRecord {
    const entry: OpenRecord = { ...start, body: '', status: undefined }
    this.#entries.push(entry)
    if (this.#entries.length > MAX_ENTRIES) this.#entries.splice(0, MAX_ENTRIES / 10)
    return entry
  }
}

/** The text of a body as the log keeps it. */
export function loggedBody(body: Uint8Array): string {
  return new TextDecoder().decode(body.subarray(0, MAX_BODY_BYTES))
}

/** Cuts a server-sent event stream into the data of its events. Looks only; the bytes go on as they came.
 * @see HTML Living Standard, "Server-sent events", event stream interpretation */
export class SseReader {
  readonly #decoder = new TextDecoder()
  #rest = ''
  #endedWithReturn = false
  #data: string[] = []

  /** The data of an event whose blank line has not come yet; empty when there is none. */
  get pending(): string {
    return this.#data.join('\n')
  }

  /** Takes the next bytes and returns the data of every event they complete, in order. */
  feed(bytes: Uint8Array): string[] {
    return this.#read(this.#decoder.decode(bytes, { stream: true }))
  }

  /** The stream is over: returns the data of an event that a last blank line should have ended. */
  end(): string[] {
    return [...this.#read(this.#decoder.decode()), ...this.#read('\n'), ...this.#read('\n')]
  }

  /** Searches only what is new for line ends, so that a long line costs the same in however many pieces it comes. */
  #read(text: string): string[] {
    if (text === '') return []
    // A line feed right after a carriage return that already ended the line is the second half of CRLF.
    const lines = (this.#endedWithReturn && text.startsWith('\n') ? text.slice(1) : text).split(LINE_END)
    this.#endedWithReturn = text.endsWith('\r')
    lines[0] = this.#rest + lines[0]
    this.#rest = lines.pop() ?? ''
    const events: string[] = []
    for (const line of lines) this.#take(line, events)
    return events
  }

  #take(line: string, events: string[]): void {
    if (line === '') {
      if (this.#data.length > 0) events.push(this.#data.join('\n'))
      this.#data = []
    } else if (line.startsWith('data:')) {
      this.#data.push(line.startsWith('data: ') ? line.slice(6) : line.slice(5))
    } else if (line === 'data') {
      this.#data.push('')
    }
  }
}

const LINE_END = /\r\n|\n|\r/

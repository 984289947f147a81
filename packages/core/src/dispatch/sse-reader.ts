/** Cuts a server-sent event stream into the data of its events. Looks only; the bytes go on as they came.
 * @see HTML Living Standard, "Server-sent events", event stream interpretation */
export class SseReader {
  readonly #decoder = new TextDecoder()
  #rest = ''
  #data: string[] = []

  /** Takes the next bytes and returns the data of every event they complete, in order. */
  feed(bytes: Uint8Array): string[] {
    return this.#read(this.#decoder.decode(bytes, { stream: true }), false)
  }

  /** The stream is over: returns the data of an event that a last blank line should have ended. */
  end(): string[] {
    return this.#read(`${this.#decoder.decode()}\n\n`, true)
  }

  #read(text: string, isEnd: boolean): string[] {
    this.#rest += text
    const events: string[] = []
    const lines = this.#rest.split(LINE_END)
    this.#rest = lines.pop() ?? ''
    // A carriage return at the very end may be half of CRLF: it waits for the next bytes.
    if (!isEnd && this.#rest === '' && text.endsWith('\r')) {
      this.#rest = `${lines.pop() ?? ''}\r`
    }
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

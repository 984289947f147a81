import type { DevnetNode, RecordedRequest } from '@gonka/devnet'

/** Reads what nodes have logged since the last time. Logs drop their oldest entries, so positions do not hold. */
export class LogReader {
  readonly #lastRead = new Map<DevnetNode, RecordedRequest>()

  /** Chat requests that are new, the oldest first. */
  read(node: DevnetNode): readonly RecordedRequest[] {
    const { requests } = node
    const last = this.#lastRead.get(node)
    const known = last ? requests.lastIndexOf(last) : -1
    const newest = requests.at(-1)
    if (newest) this.#lastRead.set(node, newest)
    return requests.slice(known + 1).filter(({ path }) => path.endsWith('/chat/completions'))
  }
}

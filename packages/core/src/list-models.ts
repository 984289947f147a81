import { readBytes } from './dispatch/read-bytes.ts'
import { servedModels } from './pool/match-model.ts'
import type { Member } from './pool/member.ts'
import { untilAborted } from './until-aborted.ts'

/** The members' model ids as the OpenAI list that `GET /models` answers, without asking anybody twice. */
export class ModelLister {
  readonly #asked = new WeakMap<Member['transport'], Promise<readonly string[]>>()

  /** Merges the ids of all members: those they were added with, else those their upstream lists. What an upstream was asked goes on
   * when a caller leaves: others may wait for the same.
   * @throws the signal's reason. */
  async list(members: readonly Member[], signal: AbortSignal | undefined): Promise<Response> {
    const lists = await untilAborted(Promise.all(members.map((member) => this.#modelsOf(member))), signal)
    const data = new Map<string, { id: string; object: 'model'; created: number; owned_by: string }>()
    for (const [index, ids] of lists.entries()) {
      const owner = members[index]?.name ?? ''
      for (const id of ids) if (!data.has(id)) data.set(id, { id, object: 'model', created: 0, owned_by: owner })
    }
    return Response.json({ object: 'list', data: [...data.values()] })
  }

  async #modelsOf(member: Member): Promise<readonly string[]> {
    if (member.settings.models !== undefined) return servedModels(member)
    const known = this.#asked.get(member.transport) ?? askForModels(member)
    this.#asked.set(member.transport, known)
    const listed = await known
    if (listed.length === 0) this.#asked.delete(member.transport)
    return [...servedModels(member), ...listed]
  }
}

/** An upstream that does not answer lists nothing; it is asked again next time. */
async function askForModels({ transport }: Member): Promise<readonly string[]> {
  try {
    const signal = AbortSignal.timeout(ASK_TIMEOUT_MS)
    const request = { path: '/models', method: 'GET', headers: new Headers(), body: undefined, signal }
    const { body: stream } = await untilAborted(transport(request), signal)
    const bytes = stream && (await readBytes(stream, { signal, checkSize: checkListSize }))
    const body: unknown = JSON.parse(new TextDecoder().decode(bytes ?? undefined))
    const data =
      typeof body === 'object' && body !== null && 'data' in body && Array.isArray(body.data) ? body.data : []
    return data.flatMap((entry: { id?: unknown } | null) => (typeof entry?.id === 'string' ? [entry.id] : []))
  } catch {
    return []
  }
}

function checkListSize(sizeBytes: number): void {
  if (sizeBytes > MAX_LIST_BYTES) throw new RangeError(`The list has more than ${MAX_LIST_BYTES} bytes.`)
}

const ASK_TIMEOUT_MS = 10_000
const MAX_LIST_BYTES = 16 * 1024 * 1024

import { servedModels } from './pool/match-model.ts'
import type { Member } from './pool/member.ts'

/** The members' model ids as the OpenAI list that `GET /models` answers, without asking anybody twice. */
export class ModelLister {
  readonly #asked = new WeakMap<Member['transport'], Promise<readonly string[]>>()

  /** Merges the ids of all members: those they were added with, else those their upstream lists. */
  async list(members: readonly Member[], signal: AbortSignal | undefined): Promise<Response> {
    const lists = await Promise.all(members.map((member) => this.#modelsOf(member, signal)))
    const data = new Map<string, { id: string; object: 'model'; created: number; owned_by: string }>()
    for (const [index, ids] of lists.entries()) {
      const owner = members[index]?.name ?? ''
      for (const id of ids) if (!data.has(id)) data.set(id, { id, object: 'model', created: 0, owned_by: owner })
    }
    return Response.json({ object: 'list', data: [...data.values()] })
  }

  async #modelsOf(member: Member, signal: AbortSignal | undefined): Promise<readonly string[]> {
    if (member.settings.models !== undefined) return servedModels(member)
    const known = this.#asked.get(member.transport) ?? askForModels(member)
    this.#asked.set(member.transport, known)
    signal?.throwIfAborted()
    const listed = await known
    if (listed.length === 0) this.#asked.delete(member.transport)
    return [...servedModels(member), ...listed]
  }
}

/** An upstream that does not answer lists nothing; it is asked again next time. */
async function askForModels({ transport }: Member): Promise<readonly string[]> {
  try {
    const request = { path: '/models', method: 'GET', headers: new Headers(), body: undefined }
    const response = await transport({ ...request, signal: AbortSignal.timeout(ASK_TIMEOUT_MS) })
    const body: unknown = await response.json()
    const data =
      typeof body === 'object' && body !== null && 'data' in body && Array.isArray(body.data) ? body.data : []
    return data.flatMap((entry: { id?: unknown } | null) => (typeof entry?.id === 'string' ? [entry.id] : []))
  } catch {
    return []
  }
}

const ASK_TIMEOUT_MS = 10_000

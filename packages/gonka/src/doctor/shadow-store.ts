/** A place for one text, as trust stores and participant stores are. */
interface TextStore {
  load(): Promise<string | undefined>
  save(text: string): Promise<void>
}

/** A store that reads from another one and keeps what is written to itself: looking must not change what an application trusts.
 * @example const trustStore = shadowStore(createFileTrustStore('gonka-trust.json')) */
export function shadowStore<T extends TextStore>(store: T): T {
  let written: string | undefined
  return {
    ...store,
    load: async () => written ?? (await store.load()),
    save: async (text: string) => {
      written = text
    },
  }
}

/** Names the provider behind a member; without a member, before any was picked, the provider of the call as a whole. */
export type ProviderLookup = (member: string | undefined) => string

/** The provider whose API the upstreams speak, for when nobody says better. */
const DEFAULT_PROVIDER = 'openai'

/** Turns the option into a lookup that never throws: a span with a vague provider is worth more than none.
 * @param providerName - One name for all, or a function of the member's name. */
export function createProviderLookup(providerName: string | ((member: string) => string) | undefined): ProviderLookup {
  if (typeof providerName !== 'function') return () => providerName ?? DEFAULT_PROVIDER
  return (member) => {
    if (member === undefined) return DEFAULT_PROVIDER
    try {
      return providerName(member) || DEFAULT_PROVIDER
    } catch {
      return DEFAULT_PROVIDER
    }
  }
}

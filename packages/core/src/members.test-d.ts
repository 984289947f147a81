import type { ClientOptions, OpenAI } from 'openai'
import type { ClientOptions as ClientOptions5, OpenAI as OpenAI5 } from 'openai5'
import type { ClientOptions as ClientOptions7, OpenAI as OpenAI7 } from 'openai7'
import { describe, expectTypeOf, it } from 'vitest'
import type { FetchLike, UpstreamSource } from './index.ts'

describe('an OpenAI client', () => {
  it('of any version is a source of a member, without a cast', () => {
    expectTypeOf<OpenAI5>().toExtend<UpstreamSource>()
    expectTypeOf<OpenAI>().toExtend<UpstreamSource>()
    expectTypeOf<OpenAI7>().toExtend<UpstreamSource>()
  })

  it('of any version takes `router.fetch` as its own', () => {
    expectTypeOf<FetchLike>().toExtend<ClientOptions5['fetch']>()
    expectTypeOf<FetchLike>().toExtend<ClientOptions['fetch']>()
    expectTypeOf<FetchLike>().toExtend<ClientOptions7['fetch']>()
  })
})

describe('what is no upstream', () => {
  it('is no source', () => {
    expectTypeOf<{ readonly url: string }>().not.toExtend<UpstreamSource>()
    expectTypeOf<string>().not.toExtend<UpstreamSource>()
  })
})

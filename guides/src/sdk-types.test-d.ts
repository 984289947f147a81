import type { createSigningFetch } from '@gonka/signer'
import type { Router } from '@multiplexer/core/router'
import type { createOpenAICompatible as createOpenAICompatible3 } from 'ai-sdk-openai-compatible3'
import type { generateText as generateText7 } from 'ai7'
import type { ChatOpenAI as ChatOpenAINode22 } from 'langchain-openai-node22'
import type { ClientOptions as ClientOptions5 } from 'openai5'
import type { ClientOptions as ClientOptions7 } from 'openai7'
import type { Agent as Agent8, fetch as undiciFetch8 } from 'undici8'
import { expectTypeOf, test } from 'vitest'
import type * as AxiosFetch from './axios-fetch.ts'
import type * as AxiosInterceptor from './axios-interceptor.ts'
import type * as Fetch from './fetch.ts'
import type { GuideCode } from './fixtures/guide-spec.ts'
import type * as Langchain from './langchain.ts'
import type * as OpenAI from './openai.ts'
import type * as OpenAIClient from './openai-client.ts'
import type * as VercelAI from './vercel-ai-sdk.ts'

type RouterFetch = Router['fetch']
type Compatible3 = typeof createOpenAICompatible3
type ChatFields = NonNullable<ConstructorParameters<typeof ChatOpenAINode22>[0]>

// The guides themselves are compiled against the versions that they import.
test('a router fits the other versions of the SDKs', () => {
  expectTypeOf<RouterFetch>().toExtend<NonNullable<ClientOptions5['fetch']>>()
  expectTypeOf<RouterFetch>().toExtend<NonNullable<ClientOptions7['fetch']>>()
  expectTypeOf<RouterFetch>().toExtend<NonNullable<Parameters<Compatible3>[0]['fetch']>>()
  expectTypeOf<ReturnType<ReturnType<Compatible3>>>().toExtend<Parameters<typeof generateText7>[0]['model']>()
  expectTypeOf<{ fetch: RouterFetch }>().toExtend<NonNullable<Extract<ChatFields, object>['configuration']>>()
})

test('a signing fetch fits them too, and an agent of undici 8 is taken by its fetch', () => {
  expectTypeOf<ReturnType<typeof createSigningFetch>>().toExtend<NonNullable<ClientOptions7['fetch']>>()
  expectTypeOf<typeof undiciFetch8>().toBeCallableWith('http://node1.example', { dispatcher: {} as Agent8 })
})

test('the guides have what the tests call', () => {
  expectTypeOf<typeof OpenAI>().toExtend<GuideCode>()
  expectTypeOf<typeof VercelAI>().toExtend<GuideCode>()
  expectTypeOf<typeof Langchain>().toExtend<GuideCode>()
  expectTypeOf<typeof OpenAIClient>().toExtend<Pick<GuideCode, 'router' | 'ask' | 'stream'>>()
  expectTypeOf<typeof Fetch>().toExtend<Pick<GuideCode, 'router' | 'ask' | 'stream'>>()
  expectTypeOf<typeof AxiosFetch>().toEqualTypeOf<typeof AxiosInterceptor>()
})

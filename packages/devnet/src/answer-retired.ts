import { jsonReply, type Reply } from './reply.ts'

const HEADERS = { deprecation: 'true', link: '</devshard/{version}>; rel="successor-version"' }

/** What nodes from v0.2.14 on answer to every classic request.
 * @see Protocol reference, section 0 */
export function answerRetired(): Reply {
  return retired('classic inference is deprecated; use devshard')
}

/** What nodes from v0.2.14 on answer below `/v1/devshard`. */
export function answerRetiredDevshard(): Reply {
  return retired('/v1/devshard is deprecated; use /devshard/{version}')
}

function retired(message: string): Reply {
  return jsonReply(410, { error: 'deprecated', message }, HEADERS)
}

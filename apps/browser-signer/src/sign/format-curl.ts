/** A request as curl is to send it. */
export interface CurlRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Writes a request as a curl command for sh, bash and zsh. Whatever the texts hold, the shell passes them on as they are.
 * @example const line = formatCurl({ url: 'http://node1.example/v1/chat/completions', headers: {}, body: '{}' }) */
export function formatCurl({ url, headers, body }: CurlRequest): string {
  const options = Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`)
  // Not --data-binary, nor --data: they read a file when the body begins with @.
  return [`curl ${quote(url)}`, ...options, `--data-raw ${quote(body)}`].join(' \\\n  ')
}

/** Nothing is special between single quotes but the quote itself. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

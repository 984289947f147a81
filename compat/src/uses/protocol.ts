import { GonkaError, isPrivateHost, parseEndpoint } from '@gonka/protocol'

/** Parses an endpoint, and a wrong one. */
export async function use(): Promise<string> {
  const participant = parseEndpoint('https://node.example.com;gonka1w508d6qejxtdg4y5r3zarvary0c5xw7k2gsyg6')
  return `${participant.baseUrl} ${isPrivateHost(new URL(participant.inferenceUrl).hostname)} ${refusalOf('https://x;y')}`
}

function refusalOf(endpoint: string): string {
  try {
    parseEndpoint(endpoint)
    return 'accepted'
  } catch (error) {
    return error instanceof GonkaError ? error.code : String(error)
  }
}

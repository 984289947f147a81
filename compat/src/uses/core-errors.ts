import { AllModelsFailedError, isMultiplexerError, MultiplexerError } from '@multiplexer/core/errors'

/** Recognises an error by its name and by its class. */
export async function use(): Promise<string> {
  const error = new MultiplexerError('no-such-model', 'There is no such model.')
  return `${error.code} ${isMultiplexerError(error)} ${error instanceof AllModelsFailedError}`
}

import type { Logger } from '@multiplexer/core/router'

/** Wraps a logger so that one that throws changes nothing: there is nowhere left to say so. */
export function containLogger(logger: Logger | undefined): Logger | undefined {
  if (!logger) return undefined
  const contain = (level: keyof Logger) => (message: string, details?: object) => {
    try {
      logger[level](message, details)
    } catch {
      // A full disk must not end a registration.
    }
  }
  return { debug: contain('debug'), info: contain('info'), warn: contain('warn'), error: contain('error') }
}

import type { Logger } from '@multiplexer/core/router'

/** Wraps a logger so that one that throws or rejects changes nothing: there is nowhere left to say so. */
export function containLogger(logger: Logger | undefined): Logger | undefined {
  if (!logger) return undefined
  const contain = (level: keyof Logger) => (message: string, details?: object) => {
    const write = async (): Promise<void> => logger[level](message, details)
    write().catch(() => undefined)
  }
  return { debug: contain('debug'), info: contain('info'), warn: contain('warn'), error: contain('error') }
}

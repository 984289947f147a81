/** The one place that imports the SDK: where it is missing, the platform's "Cannot find package 'openai'" names this file,
 * and so the cure. `@multiplexer/core/router` needs no SDK. */
export { OpenAI } from 'openai'
export { VERSION as SDK_VERSION } from 'openai/version'

import { describeError, formatOutcome } from './format-output.ts'
import { type Command, HELP, readCommand, UsageError } from './read-options.ts'
import { sendCompletion } from './send-completion.ts'

async function run(command: Command): Promise<void> {
  const outcome = await sendCompletion(command.readOptions())
  console.log(command.json ? JSON.stringify(outcome) : formatOutcome(outcome))
  if (outcome.status < 200 || outcome.status > 299) process.exitCode = 1
}

function fail(error: unknown, json: boolean): void {
  const description = describeError(error)
  if (json) console.log(JSON.stringify({ error: description }))
  else console.error(description.message)
  process.exitCode = error instanceof UsageError ? 2 : 1
}

const args = process.argv.slice(2)
try {
  const command = readCommand(args, process.env)
  if (command.help) console.log(HELP)
  else await run(command)
} catch (error) {
  fail(error, args.includes('--json'))
}

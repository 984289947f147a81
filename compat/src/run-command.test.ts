import { expect, test } from 'vitest'
import { runCommand } from './run-command.ts'

const run = (code: string, timeoutMs?: number) => runCommand([process.execPath, '-e', code], { cwd: '.', timeoutMs })

test('gives exit code, stdout and stderr', async () => {
  const result = await run('console.log("out"); console.error("err"); process.exitCode = 3')
  expect(result).toEqual({ status: 3, stdout: 'out\n', stderr: 'err\n' })
})

test('kills what hangs', async () => {
  const result = await run('setInterval(() => {}, 1000)', 200)
  expect(result).toMatchObject({ status: -1, stderr: 'stopped after 0.2 s\n' })
})

test('ends with -1 when there is no such program', async () => {
  const result = await runCommand(['/nonexistent/program'], { cwd: '.' })
  expect(result.status).toBe(-1)
  expect(result.stderr).toContain('ENOENT')
})

test('hands on no variable that could change what a consumer does', async () => {
  process.env.OPENAI_API_KEY = 'from the environment'
  try {
    const { stdout } = await run('console.log(process.env.OPENAI_API_KEY, process.env.NODE_OPTIONS)')
    expect(stdout).toBe('undefined undefined\n')
  } finally {
    delete process.env.OPENAI_API_KEY
  }
})

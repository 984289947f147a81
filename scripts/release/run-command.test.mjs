import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { makeFolder } from './fixtures.mjs'
import { runCommand } from './run-command.mjs'

const isWindows = process.platform === 'win32'
const node = (code, more = {}) => runCommand([process.execPath, '-e', code], { cwd: process.cwd(), ...more })

test('a command gives what it wrote to its standard output', async () => {
  assert.equal(await node('console.error("noise"); console.log("answer")'), 'answer\n')
})

test('a command that fails is named, with its code and what it printed', async () => {
  await assert.rejects(node('console.log("out"); console.error("err"); process.exitCode = 3'), (error) => {
    assert.match(error.message, /ended with code 3/)
    assert.match(error.message, /out/)
    assert.match(error.message, /err/)
    return true
  })
})

test('a program that is not there fails', async () => {
  await assert.rejects(runCommand(['/nonexistent/program'], { cwd: process.cwd() }), /ENOENT/)
})

test('an abort ends the command and what it started, and rejects with its reason', { skip: isWindows }, async (t) => {
  const pidFile = join(makeFolder(t), 'pid')
  const sleep = 'setInterval(() => {}, 1000)'
  const code = `const { pid } = require('child_process').spawn(process.execPath, ['-e', '${sleep}'], { stdio: 'inherit' })
    const fs = require('fs'); fs.writeFileSync('${pidFile}.new', String(pid)); fs.renameSync('${pidFile}.new', '${pidFile}')
    ${sleep}`
  const controller = new AbortController()
  const command = node(code, { signal: controller.signal })
  await until(() => existsSync(pidFile))
  controller.abort(new Error('enough'))
  await assert.rejects(command, /enough/)
  await until(() => !isAlive(Number(readFileSync(pidFile, 'utf8'))))
})

async function until(condition) {
  while (!condition()) await delay(10)
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('nothing is started for a signal that was aborted before', async () => {
  const signal = AbortSignal.abort(new Error('too late'))
  await assert.rejects(node('', { signal }), /too late/)
})

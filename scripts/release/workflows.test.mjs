import assert from 'node:assert/strict'
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ROOT } from '../list-packages.mjs'
import { readWorkflow } from './read-workflow.mjs'

const FOLDER = join(ROOT, '.github', 'workflows')
const ACTION = /^[\w-]+\/[\w-]+@(v\d+|[0-9a-f]{40}( # v[\d.]+)?)$/
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
const workflows = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.yml'))
  .map((file) => ({ file, text: readFileSync(join(FOLDER, file), 'utf8') }))
  .map(({ file, text }) => ({ file, text, ...readWorkflow(text) }))
const jobs = workflows.flatMap(({ file, jobs }) => jobs.map((job) => ({ ...job, at: `${file}: ${job.name}` })))

test('the reader finds every job with its steps', () => {
  assert.deepEqual(
    jobs.map(({ at }) => at),
    [
      'ci.yml: test',
      'ci.yml: changesets',
      'release.yml: pull-request',
      'release.yml: verify',
      'release.yml: publish',
      'release.yml: tag',
    ],
  )
  const count = (pattern) => workflows.reduce((sum, { text }) => sum + (text.match(pattern)?.length ?? 0), 0)
  assert.equal(jobs.flatMap(({ runs }) => runs).length, count(/\brun: /g))
  assert.equal(jobs.flatMap(({ uses }) => uses).length, count(/\buses: /g))
})

test('every command of a step exists', () => {
  for (const { at, runs } of jobs) for (const run of runs) assert.ok(isCommand(run), `${at}: ${run}`)
})

function isCommand(run) {
  const [program, first, second] = run.split(' ')
  if (program === 'npm') return (first === 'run' ? second : first) in scripts
  if (program === 'npx') return existsSync(join(ROOT, 'node_modules', '.bin', first))
  if (program === 'node') return existsSync(join(ROOT, first))
  if (program === 'git') return true
  accessSync(join(ROOT, program), constants.X_OK)
  return true
}

test('a workflow grants nothing by default but reading, and only one job may publish', () => {
  for (const { file, head } of workflows) assert.match(head, /^permissions:( \{\}|\n {2}contents: read)$/m, file)
  const publishers = jobs.filter(({ permissions }) => permissions['id-token'] === 'write')
  assert.deepEqual(
    publishers.map(({ at }) => at),
    ['release.yml: publish'],
  )
  assert.deepEqual(publishers[0].permissions, { contents: 'read', 'id-token': 'write' })
  assert.match(publishers[0].text, /^ {4}environment: npm$/m)
  for (const { at, text } of jobs) assert.doesNotMatch(text, /write-all/, at)
})

test('nobody outside can run code with rights, or put code into a step', () => {
  for (const { file, text } of workflows) assert.doesNotMatch(text, /pull_request_target|workflow_run/, file)
  for (const { at, text, runs } of jobs) {
    for (const run of runs) assert.doesNotMatch(run, /\$\{\{/, at)
    const secrets = [...text.matchAll(/secrets\.(\w+)/g)].map(([, name]) => name)
    assert.deepEqual(
      secrets.filter((name) => name !== 'GITHUB_TOKEN'),
      [],
      at,
    )
  }
})

test('a job that writes nothing to the repository leaves no token in its checkout', () => {
  const readers = jobs.filter(({ permissions }) => permissions.contents !== 'write')
  assert.ok(readers.length > 0)
  for (const { at, text } of readers) assert.match(text, /persist-credentials: false/, at)
})

test('every job ends by itself, and every action is named with a version', () => {
  for (const { at, text, uses } of jobs) {
    assert.match(text, /^ {4}timeout-minutes: \d+$/m, at)
    assert.ok(uses.length > 0, at)
    for (const action of uses) assert.match(action, ACTION, at)
  }
})

test('publishing waits until the repository says so, and until everything that CI runs has passed', () => {
  const find = (name) => jobs.find(({ at }) => at === `release.yml: ${name}`)
  assert.match(find('verify').text, /vars\.PUBLISH_TO_NPM == 'yes'/)
  assert.ok(find('verify').runs.includes('.ci/run'))
  assert.match(find('publish').text, /^ {4}needs: verify$/m)
  const { runs } = find('publish')
  assert.ok(
    runs.findIndex((run) => run.includes('check-publishable.mjs --provenance')) < runs.indexOf('npm run release'),
  )
})

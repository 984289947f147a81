import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { renderBrokerTable } from '../../site/tables/broker-table.mjs'
import { renderCoreTable } from '../../site/tables/core-table.mjs'
import { NODE_ANSWERS, renderNodeTable } from '../../site/tables/node-table.mjs'
import { ROOT } from '../list-packages.mjs'
import { replaceGenerated } from './replace-generated.mjs'

const PAGE = join(ROOT, 'docs/what-happens-when.md')
const { UPDATE } = process.env

/** With UPDATE=1 the page is written anew: a diff of it is for review. */
async function expectTable(name, render) {
  const page = readFileSync(PAGE, 'utf8')
  const wanted = replaceGenerated(page, name, await render())
  if (UPDATE) writeFileSync(PAGE, wanted)
  else assert.equal(page, wanted, 'docs/what-happens-when.md differs; UPDATE=1 writes it anew')
}

test('the table of attempts is what core does', () => expectTable('core', renderCoreTable))
test('the table of nodes is what the protocol package says', () => expectTable('nodes', renderNodeTable))
test('the table of brokers is what a registered broker meets', () => expectTable('brokers', renderBrokerTable))

test('every row of the protocol package stands in the table of nodes', async () => {
  const rows = pathToFileURL(join(ROOT, 'packages/protocol/dist/node-answer-rows.js')).href
  const { NODE_ANSWER_ROWS } = await import(rows)
  const table = renderNodeTable()
  const missing = NODE_ANSWER_ROWS.filter(({ reason }) => !table.includes(reason.split(' (gonka24')[0]))
  assert.deepEqual(
    missing.map(({ reason }) => reason),
    [],
  )
  assert.ok(NODE_ANSWERS.length >= NODE_ANSWER_ROWS.length)
})

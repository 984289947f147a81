// Follows docs/getting-started.md in an empty folder: writes its files, runs its commands, compares what it says they print.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { listPackages, ROOT } from '../list-packages.mjs'
import { readCodeBlocks } from '../read-markdown.mjs'

const PAGE = readCodeBlocks(readFileSync(join(ROOT, 'docs/getting-started.md'), 'utf8'))
const LINK_PACKAGES = join(ROOT, 'scripts/docs/link-packages.mjs')

/** `npm i` links the built packages; that their tarballs install is what the compatibility matrix shows. */
const NPM = `#!/bin/sh
if [ "$1" = i ]; then shift; exec "${process.execPath}" "${LINK_PACKAGES}" "$@"; fi
PATH="\${PATH#*:}" exec npm "$@"
`

test('the page does what it says', { timeout: 120_000 }, () => {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'getting-started-')))
  try {
    mkdirSync(join(root, 'bin'))
    writeFileSync(join(root, 'bin/npm'), NPM)
    chmodSync(join(root, 'bin/npm'), 0o755)
    const ran = follow(root)
    assert.ok(ran.commands >= 5 && ran.files >= 2 && ran.outputs >= 3, JSON.stringify(ran))
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
})

test('in a clone, the page packs every package that will be published', () => {
  const { code } = PAGE.find(({ language }) => language === 'bash')
  const [, selection] = /^npx pnpm (.+) pack --pack-destination/m.exec(code)
  const { stdout } = spawnSync('bash', ['-c', `npx pnpm ${selection} ls --depth -1 --json`], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  const published = listPackages(ROOT, ['packages']).filter(({ manifest }) => manifest.private !== true)
  assert.deepEqual(
    JSON.parse(stdout)
      .map(({ name }) => name)
      .sort(),
    published.map(({ name }) => name).sort(),
  )
})

function follow(root) {
  const ran = { commands: 0, files: 0, outputs: 0 }
  let cwd = root
  let printed = ''
  for (const { language, info, line, code } of PAGE) {
    if (language === 'sh') {
      const result = runShell(code, { cwd, root })
      assert.equal(result.status, 0, `line ${line} fails:\n${result.output}`)
      ;({ cwd, output: printed } = result)
      ran.commands += 1
    } else if (language === 'text') {
      assert.match(printed, toPattern(code), `line ${line}: this is not what was printed`)
      ran.outputs += 1
    } else if (language === 'ts' && info[0]?.endsWith('.mjs')) {
      writeFileSync(join(cwd, info[0]), code)
      ran.files += 1
    }
  }
  return ran
}

/** The folder that a command ends in is that of the next one. */
function runShell(code, { cwd, root }) {
  const { PATH, HOME } = process.env
  const env = { PATH: `${join(root, 'bin')}:${PATH}`, HOME, NO_COLOR: '1', npm_config_offline: 'true' }
  const script = `set -e\n${code}\npwd > "${join(root, 'cwd')}"\n`
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { cwd, env, encoding: 'utf8', timeout: 60_000 })
  return {
    status,
    output: `${stdout}${stderr}`,
    cwd: status === 0 ? readFileSync(join(root, 'cwd'), 'utf8').trim() : cwd,
  }
}

/** The lines in their order, whatever stands between; `…` is any text. */
function toPattern(text) {
  const lines = text.split('\n').map((line) => line.split('…').map(escapePattern).join('.*'))
  return new RegExp(`^${lines.join('$[^]*^')}`, 'm')
}

function escapePattern(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

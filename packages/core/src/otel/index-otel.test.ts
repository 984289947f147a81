import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

it('exports exactly the documented names', async () => {
  expect(Object.keys(await import('../index-otel.ts')).sort()).toMatchInlineSnapshot(`
    [
      "createOtelTracer",
    ]
  `)
})

it.each([
  ['index.ts', ['openai', 'openai/version']],
  ['index-router.ts', []],
  ['index-errors.ts', []],
  ['index-otel.ts', ['@opentelemetry/api']],
])('%s loads no package but %j', (entry, packages) => {
  expect(packagesBehind(new URL(`../${entry}`, import.meta.url))).toEqual(packages)
})

/** Packages that a module loads, itself or through the files it imports. Type imports are gone from what is published. */
function packagesBehind(entry: URL): string[] {
  const files = new Set([entry.href])
  const packages = new Set<string>()
  for (const file of files) {
    for (const specifier of importsOf(readFileSync(new URL(file), 'utf8'))) {
      if (specifier.startsWith('.')) files.add(new URL(specifier, file).href)
      else packages.add(specifier)
    }
  }
  return [...packages].sort()
}

function importsOf(source: string): string[] {
  const statements = source.matchAll(
    /^(?:import|export) (?!type )(?:[^'"`;]*? from )?'([^']+)'|\bimport\('([^']+)'\)/gm,
  )
  return [...statements].map(([, fixed, dynamic]) => fixed ?? dynamic ?? '')
}

// Bundles programs for browsers with Vite, all in one process. Arguments: URL of Vite, builds as JSON `[[dir, file], …]`.
// Writes `dir/vite/file.js`, a script that sets `program`; prints what failed as JSON `{ "file": "message" }`.

const [viteUrl = '', builds = '[]'] = process.argv.slice(2)
const { build } = await import(viteUrl)
const failures: Record<string, string> = {}
for (const [dir, file] of JSON.parse(builds)) {
  try {
    await build({
      root: dir,
      configFile: false,
      logLevel: 'silent',
      build: {
        lib: { entry: `${dir}/${file}.mjs`, formats: ['iife'], name: 'program', fileName: () => `${file}.js` },
        outDir: `${dir}/vite`,
        emptyOutDir: false,
      },
    })
  } catch (error) {
    failures[file] = String(error)
  }
}
console.log(JSON.stringify(failures))

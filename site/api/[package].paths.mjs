import { formatReference, listPackages, ROOT, readReference } from '../tools.mjs'

// biome-ignore lint/style/noDefaultExport: VitePress reads the default export.
export default {
  paths: () =>
    listPackages(ROOT, ['packages'])
      .filter(({ manifest }) => manifest.private !== true)
      .map((pkg) => ({
        params: { package: pkg.dir.slice(pkg.dir.lastIndexOf('/') + 1) },
        content: formatReference(readReference(pkg)),
      })),
}

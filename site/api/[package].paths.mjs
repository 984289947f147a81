import { formatReference } from '../../scripts/docs/format-reference.mjs'
import { readReference } from '../../scripts/docs/read-reference.mjs'
import { listPackages, ROOT } from '../../scripts/list-packages.mjs'

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

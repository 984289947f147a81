import { listLinkedSources } from '../../scripts/docs/list-linked-sources.mjs'
import { ROOT } from '../../scripts/list-packages.mjs'

// biome-ignore lint/style/noDefaultExport: VitePress reads the default export.
export default {
  paths: () => listLinkedSources(ROOT).map(({ path, markdown }) => ({ params: { path }, content: markdown })),
}

import { listLinkedSources, ROOT } from '../tools.mjs'

// biome-ignore lint/style/noDefaultExport: VitePress reads the default export.
export default {
  paths: () => listLinkedSources(ROOT).map(({ path, markdown }) => ({ params: { path }, content: markdown })),
}

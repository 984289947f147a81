import { readApiPages } from '../api-pages.mjs'

// biome-ignore lint/style/noDefaultExport: VitePress reads the default export.
export default {
  paths: () => [...readApiPages()].map(([folder, content]) => ({ params: { package: folder }, content })),
}

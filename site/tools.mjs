// The scripts that make the site belong to the repository's root: this is the one file that leaves the workspace for them.
// @boundaries-ignore scripts are no package
export { formatReference } from '../scripts/docs/format-reference.mjs'
// @boundaries-ignore scripts are no package
export { listAddresses } from '../scripts/docs/link-names.mjs'
// @boundaries-ignore scripts are no package
export { listLinkedSources } from '../scripts/docs/list-linked-sources.mjs'
// @boundaries-ignore scripts are no package
export { readReference } from '../scripts/docs/read-reference.mjs'
// @boundaries-ignore scripts are no package
export { createLinkPlugin } from '../scripts/docs/site-links.mjs'
// @boundaries-ignore scripts are no package
export { NOT_PAGES, toPage } from '../scripts/docs/site-pages.mjs'
// @boundaries-ignore scripts are no package
export { splitSections } from '../scripts/docs/split-sections.mjs'
// @boundaries-ignore scripts are no package
export { listPackages, ROOT } from '../scripts/list-packages.mjs'
// @boundaries-ignore scripts are no package
export { toSlug } from '../scripts/read-markdown.mjs'

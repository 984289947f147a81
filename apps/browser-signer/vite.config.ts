import { defineConfig, type Plugin } from 'vite'

/** Vite's own client needs a web socket and inline styles while developing; what is built keeps its policy. */
const withoutPolicyInDevelopment: Plugin = {
  name: 'without-policy-in-development',
  apply: 'serve',
  transformIndexHtml: (html) => html.replace(/<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, ''),
}

export default defineConfig({
  // Relative: the pages may be served from any folder.
  base: './',
  plugins: [withoutPolicyInDevelopment],
  build: { modulePreload: false, rolldownOptions: { input: ['index.html', 'chat.html'] } },
})

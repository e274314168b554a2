import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Every file that a page loads comes from its own origin and is named by its content; nothing is inlined (CSP). */
export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What a script error names; served like any other file.
    sourcemap: true,
  },
})

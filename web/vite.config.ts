import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** Where the API answers during development: the real server or `npm run mock`. */
const backend = process.env.SHOUXIN_BACKEND ?? 'http://127.0.0.1:8780';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { host: '127.0.0.1', port: 5173, proxy: { '/api': { target: backend } } },
  build: {
    target: 'es2022',
    // A strict CSP has no place for inlined data or the inline preload polyfill.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1400,
  },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
});

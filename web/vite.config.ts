import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** Where the server answers during development: `shouxin serve` or `shouxin demo`. */
const backend = process.env.SHOUXIN_BACKEND ?? 'http://127.0.0.1:7878';

/** antd measures scroll bars with a style element that it forgets to sign; a strict CSP refuses that one. */
const signScrollbarStyle = {
  name: 'sign-scrollbar-style',
  transform(code: string, id: string) {
    if (!id.includes('/getScrollBarSize.js')) return null;
    const signed = "randomId, { csp: { nonce: document.querySelector('meta[name=csp-nonce]')?.content } });\n    } catch";
    const result = code.replace(/randomId\);\s*\} catch/, signed);
    if (result === code) throw new Error('getScrollBarSize.js is no longer what sign-scrollbar-style expects');
    return { code: result, map: null };
  },
};

export default defineConfig({
  plugins: [react(), signScrollbarStyle],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  server: { host: '127.0.0.1', port: 5173, proxy: { '/api': { target: backend } } },
  build: {
    target: 'es2022',
    manifest: true,
    // A strict CSP has no place for inlined data or the inline preload polyfill.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1400,
  },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
});

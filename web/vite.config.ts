import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';
import { fieldWorker } from './build/fieldWorker.ts';
import { mockServer } from './mock/plugin.ts';

// The API the development server talks to: a running `muster serve`, or the
// built-in mock when none is named. Neither reaches the production bundle.
const api = process.env.MUSTER_API;

export default defineConfig({
  plugins: [vue(), fieldWorker(), ...(api || process.env.VITEST ? [] : [mockServer()])],
  server: api ? { proxy: { '/api': { target: api, changeOrigin: true } } } : {},
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 1200,
    // Inlined assets would be data: URLs, which the content security policy refuses for scripts and styles.
    assetsInlineLimit: 0,
    rolldownOptions: {
      // The desk, the field page, the page of who scans a code, the screen that shows one, and what lets
      // pages open without a network.
      input: {
        desk: 'index.html', field: 'field.html', 'field-sw': 'src/field/sw.ts',
        checkin: 'checkin.html', screen: 'screen.html', 'checkin-sw': 'src/checkin/sw.ts',
      },
      output: { entryFileNames: (chunk) => (chunk.name.endsWith('-sw') ? '[name].js' : 'assets/[name]-[hash].js') },
    },
  },
  test: { environment: 'node', include: ['src/**/*.test.ts'] },
});

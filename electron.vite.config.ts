import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import path from 'node:path';

const at = (file: string): string => path.resolve(import.meta.dirname, file);

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: 'node24',
      sourcemap: true,
      externalizeDeps: true,
      rolldownOptions: {
        input: {
          app: at('main/app/index.ts'),
          cli: at('main/cli/index.ts'),
          'componentize-child': at('main/build/componentize-child.ts'),
          'template-child': at('main/build/template-child.ts'),
          'bundle-child': at('main/bundle/bundle-child.ts'),
          'page-server-child': at('main/page-server/page-server-child.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].js' },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      rolldownOptions: {
        input: { index: at('preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    base: './',
    plugins: [react()],
    build: {
      outDir: 'out/renderer',
      minify: true,
      // Read from disk, once.
      chunkSizeWarningLimit: 1000,
      // A font or picture as a data: address would need a hole in the content security policy.
      assetsInlineLimit: 0,
      rolldownOptions: {
        input: { app: at('renderer/app/index.html'), host: at('renderer/host/index.html') },
      },
    },
  },
});

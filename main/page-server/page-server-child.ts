// Runs in a process of its own: here, and only here, the project's own Vite and its configuration are loaded.
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Vite from 'vite';
import { Order, type Outcome } from './protocol.ts';

const LOOPBACK = '127.0.0.1';

// Whoever asked is gone, however it ended; nobody else may use what runs here.
process.once('disconnect', () => process.exit());
process.once('message', message => {
  serve(Order.parse(message)).then(answer, (error: unknown) =>
    answer({ failure: error instanceof Error ? error.message : String(error) }),
  );
});

function answer(outcome: Outcome): void {
  process.send?.(outcome);
}

async function serve({ folder, base, clientPort }: Order): Promise<Outcome> {
  const found = createRequire(path.join(folder, 'package.json')).resolve('vite');
  const vite = (await import(pathToFileURL(found).href)) as typeof Vite;
  const server = await vite.createServer({ base, clearScreen: false, plugins: [ownPlace(clientPort)] });
  await server.listen();
  const address = server.httpServer?.address();
  if (typeof address !== 'object' || !address) throw new Error('Vite listens on no port.');
  return { port: address.port, version: vite.version };
}

/** Where the server listens, and how browsers come to it, is not the project's to choose while the gateway stands before it. */
function ownPlace(clientPort: number): Vite.Plugin {
  return {
    name: 'extension-workbench:own-place',
    enforce: 'post',
    config(config: Vite.UserConfig) {
      config.server = {
        ...config.server,
        host: LOOPBACK,
        port: 0,
        strictPort: false,
        open: false,
        middlewareMode: false,
        hmr: { clientPort },
      };
      delete config.server.https;
      delete config.server.origin;
    },
  };
}

import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, test, vi } from 'vitest';
import { createServices, resourcesAt } from '../../main/services/index.ts';
import { root, temporaryFolder } from '../support/workbench.ts';

vi.mock('../../main/services/local-runner.ts', () => ({
  openLocalRunner: () => Promise.reject(new Error('The runner has no port.')),
}));

/** Listens on a port for a moment; throws when somebody else does. */
async function freePort(port = 0): Promise<number> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

test('where a part cannot be opened, those before it are closed: the port and the data are free again', async () => {
  await using folder = await temporaryFolder();
  const port = await freePort();
  const options = { dataDir: folder.path, resources: resourcesAt(root), port };
  await expect(createServices({ ...options, runnerPort: true })).rejects.toThrow('The runner has no port.');
  expect(await freePort(port)).toBe(port);
  const services = await createServices(options);
  expect(services.state().gateway.port).toBe(port);
  await services.close();
});

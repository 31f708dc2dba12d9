import { afterAll, beforeAll, expect, test } from 'vitest';
import { toolchain } from '../../projects.testing.ts';
import { readWorld } from '../../world.ts';
import { createTestEngine, type AddonComponent } from '../engine.testing.ts';
import { createTemplateShop, type TemplateShop } from '../native.testing.ts';
import { see } from './host.testing.ts';

const SOURCE = `const early = Date.now();
export function handler({ http }) {
  console.log('to', { a: [1] });
  console.error('from');
  if (http.url === '/throw') {
    throw new TypeError('boom');
  }
  return { status: early === Date.now() ? 200 : 500, headers: [] };
}
`;

let shop: TemplateShop;
let component: AddonComponent;
beforeAll(async () => {
  shop = await createTemplateShop();
  const { wit } = await readWorld(shop.cacheDir, toolchain);
  const template = await shop.templates.get(
    wit,
    'development',
    new AbortController().signal,
    () => undefined,
  );
  const engine = createTestEngine(shop.addon.Engine, { cacheDir: shop.compiledDir });
  const base = await engine.loadImageBase(template);
  component = base.withMemory(await template.load(SOURCE, shop.native.cancelToken()));
}, 300_000);
afterAll(() => shop.dispose());

test('the console comes through, the clock still stands', async () => {
  const seen = await see(component, 'GET /');
  expect(seen.response?.status).toBe(200);
  expect(seen.logs).toEqual(['stdout to { a: [1] }', 'stderr from']);
});

test('an uncaught exception tells its message and place', async () => {
  const seen = await see(component, 'GET /throw');
  expect(seen.fault).toContain('guest.trap');
  expect(seen.logs.join('\n')).toContain('boom');
  expect(seen.logs.join('\n')).toContain('handler@handler.js:6:11');
});

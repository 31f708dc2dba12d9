import { execFileSync } from 'node:child_process';
import { z } from 'zod';
import { createGateway } from '../main/gateway/index.ts';
import { resourcesAt, type Core } from '../main/services/index.ts';
import { createTraffic } from '../main/traffic/index.ts';
import { bareEmbedder } from './bare.ts';
import { engineRows } from './engine.ts';
import { callOf, runOf, withFixture, type Call } from './fixture.ts';
import { instructionRows } from './instructions.ts';
import { limitRows } from './limits.ts';
import {
  atLeast,
  atMost,
  percentile,
  ratioAtLeast,
  ratioAtMost,
  report,
  throughput,
  timed,
  type Report,
  type Row,
} from './report.ts';

const Bare = z.object({ p50_us: z.number(), p99_us: z.number(), calls_per_s: z.number() });
type Bare = z.infer<typeof Bare>;

const TURNS = 15;

/** What the bare embedder needs for the same component, on the same Wasmtime and settings, in this very run. */
function bare(root: string, component: string, count: number, width: number): Bare {
  const args = [component, String(count), String(width)];
  return Bare.parse(JSON.parse(execFileSync(bareEmbedder(root), args, { encoding: 'utf8' })));
}

/** The runner against the bare embedder, and the whole way through the gateway. */
export async function benchRunner(root: string): Promise<Report> {
  return await withFixture(root, async ({ core, folder, component, installId, registryId, nextBuild }) => {
    const call = callOf(core.runner, component);
    const { addonPath } = resourcesAt(root);
    return report('runner', [
      ...(await calls(root, component, call)),
      ...(await hostCalls(call, core, component, installId)),
      ...(await limitRows(runOf(core.runner, component))),
      ...(await engineRows({ addonPath, folder, component, nextBuild }, call)),
      ...(await gateway(core, root, registryId)),
      ...(await instructionRows(root, { component, wasmtime: core.runner.wasmtime })),
    ]);
  });
}

/** Takes turns with the bare embedder, so that both meet the same machine: its speed changes within seconds. */
async function calls(root: string, component: string, call: Call): Promise<Row[]> {
  const [alone, ours, crowd, together]: [Bare[], number[][], Bare[], number[]] = [[], [], [], []];
  for (let turn = 0; turn < TURNS; turn++) {
    alone.push(bare(root, component, 400, 1));
    ours.push(await timed(400, () => call('/x')));
    crowd.push(bare(root, component, 2000, 16));
    together.push(await throughput(2000, 16, () => call('/x')));
  }
  const usual = (at: number): number => median(ours.map(samples => percentile(samples, at)));
  const perSecond = median(together);
  const body = new Uint8Array(1 << 20).fill(65);
  const megabyte = await timed(100, () => call('/echo', body));
  return [
    atMost('warm call, p50', usual(0.5), 'ms', 0.6),
    ratioAtMost(
      'warm call, p50, against the bare embedder',
      usual(0.5) * 1000,
      'us',
      median(alone.map(({ p50_us }) => p50_us)),
      1.15,
    ),
    ratioAtMost(
      'warm call, p99, against the bare embedder',
      usual(0.99) * 1000,
      'us',
      median(alone.map(({ p99_us }) => p99_us)),
      1.5,
    ),
    atLeast('16 at once', perSecond, 'calls/s', 2500),
    ratioAtLeast(
      '16 at once, against the bare embedder',
      perSecond,
      'calls/s',
      median(crowd.map(({ calls_per_s }) => calls_per_s)),
      0.85,
    ),
    atMost('1 MB body in and out, p50', percentile(megabyte, 0.5), 'ms', 3),
  ];
}

const median = (samples: readonly number[]): number => percentile(samples, 0.5);

async function hostCalls(call: Call, core: Core, componentPath: string, installId: string): Promise<Row[]> {
  const plain = percentile(await timed(200, () => call('/x')), 0.5);
  const host = percentile(await timed(100, () => call('/host')), 0.5);
  const tenant = core.registry.tenant();
  const context = { tenantId: tenant.tenantId, extensionId: 'e' };
  const functions = core.capabilities.hostFunctions({
    ...context,
    requestId: 'bench',
    installId,
    capabilities: ['cap:storage.kv'],
    secrets: () => ({}),
    tenant,
    egress: { allow: [] },
  });
  const stored = async (url: string): Promise<void> => {
    const { fault } = await core.runner.execute({
      componentPath,
      request: { context, http: { method: 'GET', url, headers: [] } },
      limits: {},
      host: functions,
    });
    if (fault) throw new Error(fault.message);
  };
  await stored('/put');
  const storage = percentile(await timed(100, () => stored('/storage')), 0.5);
  // Each of those runs makes a hundred calls.
  return [
    atMost('host call to TypeScript and back', (host - plain) * 10, 'us', 60),
    atMost('storage.get from SQLite', (storage - plain) * 10, 'us', 120),
  ];
}

async function gateway(core: Core, root: string, registryId: string): Promise<Row[]> {
  const traffic = createTraffic();
  const served = await createGateway({
    registry: core.registry,
    runner: core.runner,
    capabilities: core.capabilities,
    traffic,
    hostPageDir: resourcesAt(root).hostPageDir,
    port: 0,
    // The platform's own bucket would answer 429 long before the bench has seen enough.
    rateLimit: { capacity: 1e9, perSecond: 1e9 },
  });
  const get = async (): Promise<void> => {
    const response = await fetch(`${served.url}/api/ext-proxy/${registryId}/x`);
    if (response.status !== 200) throw new Error(`The gateway answered ${response.status}.`);
    await response.arrayBuffer();
  };
  try {
    const on: number[] = [];
    const off: number[] = [];
    // In turns, so that both meet the same machine.
    for (let turn = 0; turn < 2000; turn++) {
      for (const [paused, samples] of [
        [true, off],
        [false, on],
      ] as const) {
        traffic.setPaused(paused);
        samples.push(...(await timed(2, get)));
      }
    }
    return [
      atMost('through /api/ext-proxy, p50', percentile(on, 0.5), 'ms', 2),
      ratioAtMost('recording on against off, p95', percentile(on, 0.95), 'ms', percentile(off, 0.95), 1.05),
    ];
  } finally {
    await served.close();
    traffic.close();
  }
}

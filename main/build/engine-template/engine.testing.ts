import type { NativeSource, NativeTemplate } from './native.ts';

/** What the tests of this folder use of the addon's engine. */
export interface NativeEngine {
  execute(
    component: NativeComponent,
    request: object,
    limits: object,
    alone: boolean,
    cancelled: boolean,
  ): { readonly run: number; readonly events: RunEvent[] };
  answer(call: number, reply: HostReply): RunEvent[];
  fail(call: number, message: string): RunEvent[];
  load(file: string): Promise<NativeComponent>;
  loadImageBase(template: NativeTemplate): Promise<NativeImageBase>;
}
interface NativeComponent {
  dispose(): void;
}
interface NativeImageBase {
  withMemory(source: NativeSource): NativeComponent;
}

export interface EngineOptions {
  readonly cacheDir: string;
  readonly maxCacheBytes?: number;
  readonly reuseFunctions?: boolean;
}
export interface EngineMaker {
  create(options: EngineOptions, hear: (events: RunEvent[]) => void): NativeEngine;
}

export interface HostCall {
  readonly interface: string;
  readonly function: string;
  readonly argsJson: string;
  readonly bytes?: Buffer;
}
export interface HostReply {
  readonly valueJson: string;
  readonly bytes?: Buffer;
}
export interface AddonOutcome {
  readonly response?: { status: number; headers: { name: string; value: string }[]; body?: Buffer };
  readonly fault?: { code: string; message: string; stderr?: string };
  readonly logs: { level: string; message: string }[];
  readonly hostCalls: { interface: string; function: string; outcome: string }[];
}
interface RunEvent {
  readonly run: number;
  readonly call?: HostCall & { readonly id: number };
  readonly outcome?: AddonOutcome;
  readonly error?: { message: string };
}

/** A component with the engine that runs it. */
export interface AddonComponent {
  execute(request: object, onHostCall: (call: HostCall) => HostReply): Promise<AddonOutcome>;
  /** Lets code and memory go. */
  dispose(): void;
}
export interface AddonEngine {
  load(file: string): Promise<AddonComponent>;
  loadImageBase(template: NativeTemplate): Promise<{ withMemory(source: NativeSource): AddonComponent }>;
}

interface Run {
  /** Keeps the process alive, which the engine does not. */
  readonly awake: NodeJS.Timeout;
  readonly onHostCall: (call: HostCall) => HostReply;
  readonly end: (outcome: AddonOutcome) => void;
  readonly fail: (error: Error) => void;
}

/** Longest that a timer can be set to; it is never waited for. */
const FOREVER_MS = 2 ** 31 - 1;

/** An engine whose runs are promises; the addon tells of all of them through one function. */
export function createTestEngine(maker: EngineMaker, options: EngineOptions): AddonEngine {
  const running = new Map<number, Run>();
  const hear = (events: RunEvent[]): void => {
    for (const { run: id, call, outcome, error } of events) {
      const run = running.get(id);
      if (call && run) hear(answer(engine, call, run.onHostCall));
      if (run && (outcome || error)) {
        clearInterval(run.awake);
        running.delete(id);
      }
      if (outcome) run?.end(outcome);
      if (error) run?.fail(new Error(error.message));
    }
  };
  const engine = maker.create(options, hear);
  const runnable = (component: NativeComponent): AddonComponent => ({
    execute: (request, onHostCall) =>
      new Promise((end, fail) => {
        const { run, events } = engine.execute(component, request, {}, true, false);
        const awake = setInterval(() => undefined, FOREVER_MS);
        running.set(run, { awake, onHostCall, end, fail });
        hear(events);
      }),
    dispose: () => component.dispose(),
  });
  return {
    load: async file => runnable(await engine.load(file)),
    async loadImageBase(template) {
      const base = await engine.loadImageBase(template);
      return { withMemory: source => runnable(base.withMemory(source)) };
    },
  };
}

/** Gives what happened meanwhile. */
function answer(
  engine: NativeEngine,
  call: HostCall & { id: number },
  onHostCall: Run['onHostCall'],
): RunEvent[] {
  try {
    return engine.answer(call.id, onHostCall(call));
  } catch (error) {
    return engine.fail(call.id, String(error));
  }
}

import type { BuildState, StageName } from '../../../contract/index.ts';

/** In the order they run: what each stage is called, what it does now, and what it is for. */
export const STAGE_LABELS: Readonly<
  Record<StageName, { readonly title: string; readonly doing: string; readonly help: string }>
> = {
  check: {
    title: 'Check',
    doing: 'checking',
    help: 'The manifest against the platform’s rules, the folder for known faults',
  },
  dependencies: {
    title: 'Dependencies',
    doing: 'installing packages',
    help: 'npm packages that are not there yet',
  },
  script: {
    title: 'Build script',
    doing: 'running the build script',
    help: 'The project’s own scripts.build',
  },
  handler: {
    title: 'Handler',
    doing: 'bundling the handler',
    help: 'The handler and what it imports, as one module',
  },
  component: {
    title: 'Component',
    doing: 'making the component',
    help: 'The module and a JavaScript engine, as a WebAssembly component',
  },
  ui: { title: 'UI', doing: 'building the UI', help: 'Pages, scripts and styles of the iframe' },
  pack: { title: 'Pack', doing: 'packing', help: 'One compressed archive, named by its content hash' },
  compile: {
    title: 'Compile',
    doing: 'compiling for the runner',
    help: 'Machine code for Wasmtime, kept under the content hash',
  },
  install: { title: 'Install', doing: 'installing', help: 'For the local tenant; the preview follows' },
};

/** The names of the stages, in order. */
export const STAGES = Object.keys(STAGE_LABELS) as StageName[];

export type StageState = 'done' | 'running' | 'failed' | 'skipped' | 'waiting';

/** A stage that left no time was skipped when a later one ran, failed when it was the last of a failed build. */
export function stageState(name: StageName, build: BuildState): StageState {
  const order = STAGES.indexOf(name);
  const reached = Math.max(-1, ...build.stages.map(stage => STAGES.indexOf(stage.name)));
  const running = build.status === 'building' ? build.running : undefined;
  if (running === name) return 'running';
  if (build.stages.some(stage => stage.name === name)) {
    return build.status === 'failed' && order === reached ? 'failed' : 'done';
  }
  const front = running === undefined ? reached : STAGES.indexOf(running);
  return order < front || build.status === 'ok' ? 'skipped' : 'waiting';
}

import type { StageName } from '../../contract/index.ts';
import type { BundleWork } from '../bundle/index.ts';
import type { EngineTemplates } from './engine-template/templates.ts';

/** The tools that a build runs with; they come with the workbench. All paths are absolute. */
export interface Toolchain {
  /** A Node of version 22.15 or newer for child processes; Electron's own binary with {@link nodeEnv} is one. */
  readonly nodePath: string;
  /** Environment that makes `nodePath` behave as Node, for example `ELECTRON_RUN_AS_NODE`. */
  readonly nodeEnv: Readonly<Record<string, string>>;
  /** A `node_modules` folder: componentize-js, and packages for projects that have not installed their own. */
  readonly modulesDir: string;
  /** Folder of the one WIT file that components are built for, unless the project brings its own. */
  readonly witDir: string;
  /** The script `componentize-child`, runnable by `nodePath`. */
  readonly componentizeWorker: string;
}

/** What happens while a build runs. A line of output comes as `log` with state `start`, while the stage runs. */
export interface StageEvent {
  readonly stage: StageName;
  readonly state: 'start' | 'end';
  /** Wall time in milliseconds, at the end. */
  readonly ms?: number;
  /** At the end: the result of an earlier build with the same inputs was used. */
  readonly cached?: boolean;
  readonly log?: string;
}

export interface BuildOptions {
  /** Where results are kept between builds; any number of projects share it. Made when it is missing. */
  readonly cacheDir: string;
  readonly toolchain: Toolchain;
  /** Ends the build, and every process it runs, at once. */
  readonly signal?: AbortSignal;
  readonly onStage?: (event: StageEvent) => void;
  /** The bundle to write; `dist/bundle.tar.zst` of the project unless it is given. */
  readonly outFile?: string;
  /** Never run npm: dependencies that are missing are a problem of the project. */
  readonly offline?: boolean;
  /** Packs the bundle; here and now unless it is given. */
  readonly bundles?: Pick<BundleWork, 'pack'>;
  /** Makes components in milliseconds; without it each takes the official tool's seconds. */
  readonly templates?: EngineTemplates;
}

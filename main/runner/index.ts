export type { LoadedSource, SourceView } from './adopted.ts';
export {
  createRunner,
  type Building,
  type DevelopmentRunner,
  type RunArguments,
  type Runnable,
  type Runner,
} from './runner.ts';

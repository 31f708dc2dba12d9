export {
  createRunner,
  type Building,
  type DevelopmentRunner,
  type LoadedSource,
  type RunArguments,
  type Runner,
} from './runner.ts';

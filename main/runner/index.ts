export { createRunner, type RunArguments, type Runner } from './runner.ts';

import path from 'node:path';
import { WorkbenchError, type BuildKind, type Problem } from '../../contract/index.ts';
import { StageFailure, throwIfCancelled, type BuildRun, type Log, type Made } from './build-run.ts';
import { failedComponent, timeoutProblem, type ComponentSource } from './component-source.ts';
import { componentProblem } from './component-problems.ts';
import { GUARD, GUARD_MARK } from './componentize-protocol.ts';
import { TemplateRefused } from './engine-template/making.ts';
import type { NativeSource, NativeTemplate } from './engine-template/native.ts';
import { codeOf, inToolWords, sourceFailure } from './engine-template/source-failure.ts';
import type { EngineTemplates, LoadedHandler } from './engine-template/templates.ts';
import { hashParts } from './files.ts';

const FORMAT = 'template-component-1';
const WASM = 'main.wasm';

/** Time limit of the native builder. */
const LIMIT_MS = 5_000;

/**
 * Makes a component by the world's engine template: the engine loads the source natively, and what that left in memory
 * is put into an official build. The same source and template give the same bytes.
 *
 * @returns path of the component, in the cache
 * @throws StageFailure with the reason at its place in the author's source; `build.cancelled`; whatever keeps the
 *   template from being used
 */
export async function makeByTemplate(
  run: BuildRun,
  templates: EngineTemplates,
  made: ComponentSource,
  log: Log,
): Promise<Made<string>> {
  const text = made.handler.js;
  const key = hashParts([FORMAT, await templates.keyOf(made.world.wit, 'release'), text]);
  const found = await run.artifacts.find('component', key);
  if (found !== undefined) return { value: path.join(found, WASM), cached: true };
  const { source } = await loadHandler(run, templates, made, 'release', log);
  const folder = await run.artifacts.create('component', key, async staging => {
    const { ms } = await source.writeComponent(path.join(staging, WASM));
    log(`Loaded in ${source.ms.toFixed(0)} ms, made from the engine template in ${ms.toFixed(0)} ms.`);
  });
  return { value: path.join(folder, WASM), cached: false };
}

/**
 * Loads the bundled handler with the template of a kind, or takes it from the templates, which keep what was loaded
 * last and own it.
 *
 * @throws as {@link makeByTemplate}
 */
export async function loadHandler(
  run: BuildRun,
  templates: EngineTemplates,
  made: ComponentSource,
  kind: BuildKind,
  log: Log,
): Promise<LoadedHandler> {
  const text = made.handler.js;
  const template = await templates
    .get(made.world.wit, kind, run.signal, log)
    .catch(async (error: unknown) => {
      if (!(error instanceof TemplateRefused)) throw error;
      throw new StageFailure([await componentProblem(failedComponent(run, made, error.message, undefined))]);
    });
  const load = (source: string): Promise<NativeSource> => loadSource(templates, template, source, run.signal);
  try {
    return await templates.loaded(template, text, () => load(text));
  } catch (error) {
    throw (await reportOf(run, made, error, text, load, log)) ?? error;
  }
}

async function loadSource(
  templates: EngineTemplates,
  template: NativeTemplate,
  text: string,
  signal: AbortSignal,
): Promise<NativeSource> {
  throwIfCancelled(signal);
  const token = templates.native.cancelToken();
  const onAbort = (): void => token.cancel();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await template.load(text, token);
  } catch (error) {
    if (codeOf(error) !== 'build.cancelled') throw error;
    throw new WorkbenchError('build.cancelled', { cause: error });
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

/** The failure of the stage when the author's source is at fault. */
async function reportOf(
  run: BuildRun,
  made: ComponentSource,
  error: unknown,
  text: string,
  load: (text: string) => Promise<NativeSource>,
  log: Log,
): Promise<StageFailure | undefined> {
  const known = limitProblem(error);
  if (known) return new StageFailure([known]);
  const failure = sourceFailure(error);
  if (!failure) return undefined;
  log(failure.output);
  const silent = failure.kind === 'host-call' || failure.kind === 'trap';
  const guarded = silent ? await guardedWords(text, load) : undefined;
  const failed = failedComponent(run, made, inToolWords(failure), guarded);
  return new StageFailure([await componentProblem(failed)]);
}

/** A trap has no place; a second try, with calls that trap made to throw, may tell it. */
async function guardedWords(
  text: string,
  load: (text: string) => Promise<NativeSource>,
): Promise<string | undefined> {
  try {
    (await load(`${GUARD}\n${text}`)).dispose();
  } catch (error) {
    const output = sourceFailure(error)?.output;
    if (output?.includes(GUARD_MARK) === true) return output;
  }
  return undefined;
}

function limitProblem(error: unknown): Problem | undefined {
  const message = error instanceof Error ? error.message : '';
  switch (codeOf(error)) {
    case 'source.timeout':
      return timeoutProblem(LIMIT_MS);
    case 'source.memory':
      return {
        code: 'build.component-memory',
        severity: 'error',
        message: `The handler's module cannot be loaded: ${message}.`,
        help: 'Code outside functions runs at build time: build large data there no more, or ship less of it.',
      };
    case 'source.too_large':
      return {
        code: 'build.component-too-large',
        severity: 'error',
        message: `The bundled handler is too large: ${message}.`,
        help: 'Look for data or packages in the handler that belong elsewhere.',
      };
    default:
      return undefined;
  }
}

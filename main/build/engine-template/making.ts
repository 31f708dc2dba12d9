import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { WorkbenchError, type BuildKind } from '../../../contract/index.ts';
import { WORLD_NAME } from '../world.ts';
import { isFolder, removeLeftovers, renameUnlessThere } from '../files.ts';
import type { Toolchain } from '../options.ts';
import { inWorkFolder } from '../work-folder.ts';
import { askProcess } from '../worker-process.ts';
import { featuresLeftOut } from './kinds.ts';
import type { NativeBuilder } from './native.ts';
import { TemplateProgress, TemplateReply, type TemplateRequest } from './protocol.ts';

/** A template that is being made stands under a name that begins so. */
export const MAKING = '.making-';

/**
 * The time that clocks of components show, always, in Unix milliseconds. The official tool takes the time of the
 * build; a fixed one gives the same bytes for the same sources on any machine.
 */
export const FROZEN_AT_MS = Date.UTC(2026, 0, 1);

/** What a template is made of. */
export interface Making {
  /** Folder of all templates. */
  readonly root: string;
  readonly key: string;
  /** Text of the WIT package. */
  readonly wit: string;
  readonly kind: BuildKind;
  readonly toolchain: Toolchain;
  /** The script `template-child`, runnable by the toolchain's Node. */
  readonly worker: string;
  readonly builder: NativeBuilder;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: string) => void;
}

/** The official tool's words on why it cannot make a template of a world. */
export class TemplateRefused extends Error {}

/**
 * Makes a template: the official tool's steps in a process of its own, then what the native side adds. Some 5 s.
 *
 * @returns its folder, which appears under its name whole or not at all
 * @throws TemplateRefused when the tool cannot build for the world; `build.cancelled`; `build.disk-full`; coded errors of the
 *   addon
 */
export async function makeTemplate(making: Making): Promise<string> {
  const { root, key, builder, onProgress } = making;
  const folder = path.join(root, key);
  await mkdir(root, { recursive: true });
  await removeLeftovers(root, [MAKING]);
  const staging = await mkdtemp(path.join(root, MAKING));
  try {
    await makeIngredients(making, staging);
    onProgress('Completing the engine template');
    await builder.sealTemplate(staging);
    await renameUnlessThere(staging, folder);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  if (!(await isFolder(folder))) throw new Error(`The engine template did not appear in ${folder}.`);
  return folder;
}

async function makeIngredients(
  { key, wit, kind, toolchain, worker, signal, onProgress }: Making,
  folder: string,
): Promise<void> {
  const request: TemplateRequest = {
    folder,
    wit,
    world: WORLD_NAME,
    disabledFeatures: [...featuresLeftOut(kind)],
    key,
    madeAtMs: FROZEN_AT_MS,
  };
  const reply = await inWorkFolder(work =>
    askProcess({
      toolchain,
      script: worker,
      folder: work,
      request,
      reply: TemplateReply,
      signal,
      onOutput: onProgress,
      onMessage(message) {
        const told = TemplateProgress.safeParse(message).data;
        if (told) onProgress(told.progress);
      },
    }),
  );
  if (reply.ok) return;
  const { message, full } = reply;
  if (full) throw new WorkbenchError('build.disk-full', { details: { detail: message } });
  throw new TemplateRefused(message);
}

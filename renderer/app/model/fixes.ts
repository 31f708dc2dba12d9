import type { Problem } from '../../../contract/index.ts';
import { call, CallFailure } from './bridge.ts';
import { reportFailure } from './toasts.ts';

/** The one-click fixes that the problems carry, each once. */
export function offeredFixes(problems: readonly Problem[]): string[] {
  return [...new Set(problems.flatMap(({ fix }) => (fix ? [fix.id] : [])))];
}

/**
 * Applies the fixes one after another; the first that fails is shown and ends it. Fixes of one kind are numbered by
 * their place in the project, so the last goes first and the numbers before it stay true. A fix that another has
 * made needless is passed over.
 */
export async function applyFixes(projectId: string, fixIds: readonly string[]): Promise<void> {
  for (const fixId of fixIds.toReversed()) {
    try {
      await call('project.apply-fix', { projectId, fixId });
    } catch (error) {
      if (error instanceof CallFailure && error.value.code === 'project.unknown-fix') continue;
      reportFailure(error);
      return;
    }
  }
}

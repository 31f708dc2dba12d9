import { WorkbenchError } from '../../contract/index.ts';
import type { Registry } from './types.ts';

/**
 * Every secret value of every install, for masking: cheap to ask, read anew only after a change. What was once a secret
 * stays in it until the process ends, because a running call may still hold a value that was just replaced.
 */
export function liveSecretValues(registry: Registry): () => readonly string[] {
  const known = new Set<string>();
  let values: readonly string[] = [];
  let stale = true;
  registry.onChange(() => {
    stale = true;
  });
  return () => {
    if (!stale) return values;
    stale = false;
    for (const { installId } of registry.installs()) {
      for (const value of readableSecrets(registry, installId)) known.add(value);
    }
    values = [...known];
    return values;
  };
}

/** Secrets that cannot be opened (a locked keychain) cannot reach a guest either, so nothing of them can be recorded. */
function readableSecrets(registry: Registry, installId: string): string[] {
  try {
    return Object.values(registry.secrets(installId));
  } catch (error) {
    if (error instanceof WorkbenchError) return [];
    throw error;
  }
}

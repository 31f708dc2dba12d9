import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';

/** Temporary folders (with a space in their path) that vanish after each test of the file that calls this. */
export function temporaryFolders(): (files?: Record<string, unknown>) => string {
  const made: string[] = [];
  afterEach(() => {
    for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
  });
  return (files = {}) => {
    const folder = mkdtempSync(join(realpathSync(tmpdir()), 'xwb project '));
    made.push(folder);
    lay(folder, files);
    return folder;
  };
}

/** Writes files; what is no string becomes JSON. */
export function lay(folder: string, files: Record<string, unknown>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    const text =
      typeof content === 'string' || Buffer.isBuffer(content)
        ? content
        : `${JSON.stringify(content, undefined, 2)}\n`;
    writeFileSync(join(folder, path), text);
  }
}

export function textOf(folder: string, path: string): string {
  return readFileSync(join(folder, path), 'utf8');
}

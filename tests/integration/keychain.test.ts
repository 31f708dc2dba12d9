import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openSecretBox } from '../../main/secrets/index.ts';
import { temporaryFolder } from '../support/workbench.ts';

// npm test starts a keychain daemon of its own on Linux; elsewhere the user's would be asked, so the test stays away.
test.runIf(process.platform === 'linux')(
  'the sealing key lives in the real keychain, not in the data folder',
  async () => {
    await using folder = await temporaryFolder();
    const first = await openSecretBox(folder.path);
    expect(first.source).toBe('keychain');
    expect(await readdir(folder.path)).toEqual(['secrets.in-keychain']);
    const sealed = first.box.seal('s3cret');
    const later = await openSecretBox(folder.path);
    expect(later.box.open(sealed)).toBe('s3cret');
  },
);

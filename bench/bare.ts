import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { z } from 'zod';

const Artifact = z.object({ executable: z.string(), target: z.object({ name: z.literal('xwb-bare') }) });

/** Builds the bare embedder (native/runner/src/bin/bare.rs) and gives its file. */
export function bareEmbedder(root: string): string {
  const args = ['build', '--release', '--quiet', '--locked', '--bin', 'xwb-bare', '--message-format=json'];
  const lines = execFileSync('cargo', args, {
    cwd: path.join(root, 'native'),
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  for (const line of lines.split('\n').filter(text => text.startsWith('{'))) {
    const artifact = Artifact.safeParse(JSON.parse(line));
    if (artifact.success) return artifact.data.executable;
  }
  throw new Error('Cargo built no xwb-bare.');
}

import { mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { FrameLocator } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IpcResult } from '../../contract/index.ts';
import { openWindow, type Window } from '../support/window.ts';
import { root, temporaryFolder, xwb } from '../support/workbench.ts';

// A project with a Vite of its own, real as authors have it. Each test finds what the one before left.
const PACKAGES = ['vite', '@vitejs/plugin-react', 'react', 'react-dom', '@alga-psa/extension-iframe-sdk'];
const FILES: Readonly<Record<string, string>> = {
  'vite.config.ts': `import react from '@vitejs/plugin-react';\nexport default { root: 'ui', plugins: [react()] };\n`,
  'ui/counter.tsx': `import { createRoot } from 'react-dom/client';
import { Counter } from './Counter.tsx';
const place = document.body.appendChild(document.createElement('div'));
createRoot(place).render(<Counter />);
`,
  'ui/Counter.tsx': `import { useState } from 'react';
export function Counter() {
  const [count, setCount] = useState(0);
  return <button onClick={() => setCount(count + 1)}>Clicked {count} times</button>;
}
`,
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let window: Window;
let project: string;
let projectId: string;
let extension: FrameLocator;
beforeAll(async () => {
  folder = await temporaryFolder();
  project = path.join(folder.path, 'hot');
  await xwb(path.join(folder.path, 'other'), 'new', 'ui-handler', project);
  await addVite();
  window = await openWindow('hot-pages', path.join(folder.path, 'data'));
  projectId = await open();
  extension = window.page.frameLocator('iframe').frameLocator('iframe');
});
afterAll(async () => {
  await window[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function addVite(): Promise<void> {
  for (const [file, text] of Object.entries(FILES)) await writeFile(path.join(project, file), text);
  await edit(
    'ui/index.html',
    './main.ts"></script>',
    './main.ts"></script><script type="module" src="./counter.tsx"></script>',
  );
  const file = path.join(project, 'package.json');
  const devDependencies = Object.fromEntries(PACKAGES.map(name => [name, '*']));
  await writeFile(
    file,
    JSON.stringify({ ...(JSON.parse(await readFile(file, 'utf8')) as object), devDependencies }),
  );
  for (const name of PACKAGES) {
    const place = path.join(project, 'node_modules', name);
    await mkdir(path.dirname(place), { recursive: true });
    await symlink(path.join(root, 'node_modules', name), place);
  }
}

async function open(): Promise<string> {
  const opened = (await window.invoke('project.open', { folder: project })) as IpcResult<{
    projectId: string;
  }>;
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value.projectId;
}

/** Saves a file of the project with another text in place of one that must be there. */
async function edit(file: string, from: string, to: string): Promise<void> {
  const address = path.join(project, file);
  const text = await readFile(address, 'utf8');
  expect(text).toContain(from);
  await writeFile(address, text.replace(from, to));
}

/** Ids of the processes that serve the project's pages. */
async function pageServers(): Promise<string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (!command.includes('page-server-child')) continue;
    if ((await readlink(`/proc/${pid}/cwd`).catch(() => '')) === project) found.push(pid);
  }
  return found;
}

test('a saved component is replaced where it is, and keeps its state', async () => {
  const counter = extension.getByRole('button', { name: /^Clicked/ });
  await counter.click();
  await counter.click();
  await extension.getByRole('button', { name: 'Clicked 2 times' }).waitFor();
  await edit('ui/Counter.tsx', '>Clicked', '>Pressed');
  await extension.getByRole('button', { name: 'Pressed 2 times' }).waitFor();
  expect(await pageServers()).toHaveLength(1);
  await window.page.getByText(/pages from Vite \d/).waitFor();
});

test('a saved handler answers, as everywhere', async () => {
  await edit('src/handler.ts', '`Hello, ', '`Good day, ');
  await extension.getByRole('heading', { name: 'Good day, Demo Agent!' }).waitFor();
});

test('a release build shows the pages that are packed', async () => {
  await window.invoke('project.set-kind', { projectId, kind: 'release' });
  await expect.poll(pageServers, { timeout: 60_000 }).toEqual([]);
  await extension.getByRole('button', { name: 'Pressed 0 times' }).waitFor();
  await window.invoke('project.set-kind', { projectId, kind: 'development' });
  await expect.poll(pageServers, { timeout: 60_000 }).toHaveLength(1);
});

test('the server ends with the project, and with the application however that ends', async () => {
  await window.invoke('project.close', { projectId });
  expect(await pageServers()).toEqual([]);
  await open();
  await expect.poll(pageServers, { timeout: 60_000 }).toHaveLength(1);
  await window.kill();
  await expect.poll(pageServers, { timeout: 60_000 }).toEqual([]);
});

import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { extensionName, WorkbenchError, type Template } from '../../contract/index.ts';
import { asWorkbenchError, codeOf, FOREIGN_FOLDERS, kindOf } from './files.ts';

/** Files that several templates share stand here, and are no template themselves. */
const SHARED = '_shared';
const PLACEHOLDER = '__PACKAGE_NAME__';

/** What `template.json` says; it is not copied. */
const TemplateFile = z.strictObject({
  title: z.string().min(1),
  description: z.string().min(1),
  order: z.number(),
  /** Path in the new project → name of a file in `_shared`. */
  shared: z.record(z.string(), z.string()).default({}),
});
type TemplateFile = z.infer<typeof TemplateFile>;

/**
 * The templates that a new extension can be made from: every folder with a `template.json`.
 *
 * @returns in the order they want to be shown
 * @throws WorkbenchError `project.bad-template`
 */
export async function listTemplates(templatesDir: string): Promise<Template[]> {
  const templates = await readTemplates(templatesDir);
  return templates.map(({ id, file }) => ({ id, title: file.title, description: file.description }));
}

/**
 * Makes a new extension's folder from a template. The folder's last part becomes the extension's name. The files are
 * laid out beside it and renamed into place, so the folder is there whole or not at all.
 *
 * @param o.folder absolute or relative to the working directory; missing or empty
 * @throws WorkbenchError `project.unknown-template`, `project.bad-name`, `project.folder-not-empty`,
 *   `project.bad-template`, `project.write-failed`
 */
export async function createFromTemplate(o: {
  templatesDir: string;
  templateId: string;
  folder: string;
}): Promise<void> {
  const template = (await readTemplates(o.templatesDir)).find(({ id }) => id === o.templateId);
  if (template === undefined) {
    throw new WorkbenchError('project.unknown-template', { details: { templateId: o.templateId } });
  }
  const folder = resolve(o.folder);
  const name = requireName(basename(folder));
  await requireVacant(folder);
  const files = await templateFiles(o.templatesDir, template);
  const staging = join(dirname(folder), `.${basename(folder)}.${randomBytes(6).toString('hex')}.new`);
  try {
    for (const [path, content] of files) {
      const target = join(staging, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, withName(content, name), { flag: 'wx' });
    }
    await moveIntoPlace(staging, folder);
  } catch (error) {
    await rm(staging, { recursive: true, force: true }).catch(() => undefined);
    throw asWorkbenchError(error, 'project.write-failed', folder);
  }
}

function requireName(folderName: string): string {
  const name = extensionName(folderName);
  if (name === '') throw new WorkbenchError('project.bad-name', { details: { name: folderName } });
  return name;
}

async function requireVacant(folder: string): Promise<void> {
  const kind = await kindOf(folder);
  if (kind === 'nothing') return;
  if (kind === 'folder' && (await readdir(folder)).length === 0) return;
  throw new WorkbenchError('project.folder-not-empty', { details: { path: folder } });
}

async function moveIntoPlace(staging: string, folder: string): Promise<void> {
  // Not every system renames onto an empty folder. rmdir fails when something came into it meanwhile.
  if ((await kindOf(folder)) === 'folder') {
    await rmdir(folder).catch((error: unknown) => {
      throw codeOf(error) === 'ENOTEMPTY'
        ? new WorkbenchError('project.folder-not-empty', { details: { path: folder }, cause: error })
        : error;
    });
  }
  await rename(staging, folder);
}

async function readTemplates(templatesDir: string): Promise<{ id: string; file: TemplateFile }[]> {
  const found: { id: string; file: TemplateFile }[] = [];
  for (const child of await readFolder(templatesDir)) {
    const path = join(templatesDir, child.name, 'template.json');
    if (!child.isDirectory() || child.name.startsWith('_') || (await kindOf(path)) !== 'file') continue;
    found.push({ id: child.name, file: await readTemplateFile(path) });
  }
  return found.sort((a, b) => a.file.order - b.file.order || (a.id < b.id ? -1 : 1));
}

async function readTemplateFile(path: string): Promise<TemplateFile> {
  try {
    return TemplateFile.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw asWorkbenchError(error, 'project.bad-template', path);
  }
}

/** Everything the template holds, under the paths of the new project. */
async function templateFiles(
  templatesDir: string,
  template: { id: string; file: TemplateFile },
): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const folder = join(templatesDir, template.id);
  for (const path of await walk(folder, '')) {
    if (path !== 'template.json')
      files.set(path.replace(/(^|\/)_gitignore$/, '$1.gitignore'), await read(join(folder, path)));
  }
  for (const [path, name] of Object.entries(template.file.shared)) {
    files.set(path, await read(join(templatesDir, SHARED, name)));
  }
  return files;
}

async function walk(root: string, path: string): Promise<string[]> {
  const found: string[] = [];
  for (const child of await readFolder(join(root, path))) {
    if (FOREIGN_FOLDERS.includes(child.name)) continue;
    const below = path === '' ? child.name : `${path}/${child.name}`;
    if (child.isDirectory()) found.push(...(await walk(root, below)));
    else if (child.isFile()) found.push(below);
  }
  return found;
}

async function readFolder(path: string) {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    throw asWorkbenchError(error, 'project.bad-template', path);
  }
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw asWorkbenchError(error, 'project.bad-template', path);
  }
}

/** Puts the name into text files; a file with a zero byte is taken for binary. */
function withName(content: Buffer, name: string): Buffer {
  if (content.includes(0) || !content.includes(PLACEHOLDER)) return content;
  return Buffer.from(content.toString('utf8').replaceAll(PLACEHOLDER, name));
}

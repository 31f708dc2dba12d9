import { readFile, writeFile } from 'node:fs/promises';
import { makeToolImportable } from '../../main/build/tool-hooks.ts';

// A process of its own: the tool runs WebAssembly in V8 and uses much memory.
makeToolImportable();
const [sourcePath = '', witFile = '', output = ''] = process.argv.slice(2);
const tool = await import('@bytecodealliance/componentize-js');
// Not in the tool's types: the text of the world instead of a path, which its WASI layer cannot read.
const options = { sourcePath, witWorld: await readFile(witFile, 'utf8'), worldName: 'runner' };
const { component } = await tool.componentize(options);
await writeFile(output, component);

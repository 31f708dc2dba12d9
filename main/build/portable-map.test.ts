import { expect, it } from 'vitest';
import { portableMap } from './portable-map.ts';

it('names nothing of the machine, and keeps the text of the author alone', () => {
  const map = {
    version: 3,
    sources: [
      '../../ui/main.ts',
      '../../../tool/node_modules/react/index.js',
      '../../../elsewhere/shared.ts',
    ],
    sourcesContent: ['author', 'package', 'shared'],
    mappings: 'AAAA',
    names: [],
  };
  expect(JSON.parse(portableMap(JSON.stringify(map), '/home/project', '/home/project/dist/ui'))).toEqual({
    ...map,
    sources: ['ui/main.ts', 'node_modules/react/index.js', 'shared.ts'],
    sourcesContent: ['author', null, 'shared'],
  });
});

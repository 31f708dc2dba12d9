import { expect, test } from 'vitest';
import { initialEnvironment } from './environment.ts';

const handler = { params: ['i32', 'f64'], ret: 'i32', retptr: true, retsize: 24, paramptr: true };

test('exports and imports are told by number', () => {
  const environment = initialEnvironment(
    {
      exports: [
        ['export_handler', handler],
        ['export_tick', { params: [], retptr: false, retsize: 0, paramptr: false }],
      ],
      imports: [['alga:extension/storage', 'get', 5]],
    },
    false,
  );
  expect(environment).toEqual({
    DEBUG: '',
    SOURCE_NAME: 'source.js',
    FEATURE_CLOCKS: '',
    EXPORT_CNT: '2',
    EXPORT0_NAME: 'export_handler',
    EXPORT0_ARGS: '*i32,f64',
    EXPORT0_RET: '*i32',
    EXPORT0_RETSIZE: '24',
    EXPORT1_NAME: 'export_tick',
    EXPORT1_ARGS: '',
    EXPORT1_RET: '',
    EXPORT1_RETSIZE: '0',
    IMPORT_CNT: '1',
    IMPORT0_NAME: 'get',
    IMPORT0_ARGCNT: '5',
  });
});

test('clocks are told when the world has them', () => {
  expect(initialEnvironment({ exports: [], imports: [] }, true)['FEATURE_CLOCKS']).toBe('1');
});

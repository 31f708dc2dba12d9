import { describe, expect, it } from 'vitest';
import { npmReason, projectEnvironment } from './npm.ts';

describe('npmReason', () => {
  it('takes the reason out of what npm says', () => {
    const output = [
      'npm warn something',
      'npm error code E404',
      'npm error 404 Not Found - GET the package',
      "npm error 404  'nope@^1.0.0' is not in this registry.",
      'npm error A complete log of this run can be found in: /somewhere',
    ].join('\n');
    expect(npmReason(output)).toBe("Not Found - GET the package 'nope@^1.0.0' is not in this registry.");
  });

  it('falls back to the last line', () => {
    expect(npmReason('first\nlast\n')).toBe('last');
  });
});

describe('projectEnvironment', () => {
  it('keeps the machine and drops what is ours', () => {
    const env = {
      PATH: '/bin',
      npm_config_registry: 'https://registry.example',
      ELECTRON_RUN_AS_NODE: '1',
      NODE_ENV: 'test',
      NODE_OPTIONS: '--inspect',
      npm_package_name: 'extension-workbench',
      npm_lifecycle_event: 'start',
      npm_config_local_prefix: '/ours',
      INIT_CWD: '/ours',
    };
    expect(projectEnvironment(env)).toEqual({
      PATH: '/bin',
      npm_config_registry: 'https://registry.example',
    });
  });
});

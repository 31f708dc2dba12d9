import { describe, expect, it } from 'vitest';
import { STAGE_NAMES, type BuildState, type StageName } from '../../../contract/index.ts';
import { STAGES, stageState } from './stages.ts';

function build(status: BuildState['status'], done: readonly StageName[], running?: StageName): BuildState {
  const stages = done.map(name => ({ name, ms: 1, cached: false }));
  return { status, stages, problems: [], ...(running && { running }) };
}

describe('stages', () => {
  it('follow the contract, in order', () => {
    expect(STAGES).toEqual(STAGE_NAMES);
  });
  it('run one after another', () => {
    const state = build('building', ['check', 'handler'], 'component');
    expect(stageState('check', state)).toBe('done');
    expect(stageState('script', state)).toBe('skipped');
    expect(stageState('component', state)).toBe('running');
    expect(stageState('pack', state)).toBe('waiting');
  });
  it('end where a build fails', () => {
    const state = build('failed', ['check', 'handler']);
    expect(stageState('check', state)).toBe('done');
    expect(stageState('handler', state)).toBe('failed');
    expect(stageState('component', state)).toBe('waiting');
  });
  it('were not needed when a good build has no time of them', () => {
    const state = build('ok', ['check', 'ui', 'pack', 'install']);
    expect(stageState('component', state)).toBe('skipped');
    expect(stageState('install', state)).toBe('done');
  });
});

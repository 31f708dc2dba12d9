import { describe, expect, it } from 'vitest';
import { openParameters } from './requests.ts';

describe('openParameters', () => {
  it('names what is still to be filled in', () => {
    expect(openParameters('/api/notes/:id/parts/:part_no?x=1')).toEqual(['id', 'part_no']);
    expect(openParameters('/api/notes/42')).toEqual([]);
    expect(openParameters('/api/at?time=12:30')).toEqual([]);
  });
});

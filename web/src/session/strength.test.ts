import { describe, expect, it } from 'vitest';
import { ApiProblem } from '@/api/problem';
import { clock, waitSeconds } from './lockout';
import { strengthColour } from './strength';

const locked = (params: Record<string, string | number>) =>
  new ApiProblem({ type: 'urn:shouxin:problem:locked_out', key: 'locked_out', title: '', status: 429, params }, null);

describe('the strength of a password', () => {
  it('is green only when the server accepts it, whatever the score', () => {
    expect(strengthColour({ score: 4, ok: false, problems: ['contains_name'] })).toBe('colorWarning');
    expect(strengthColour({ score: 3, ok: true, problems: [] })).toBe('colorSuccess');
    expect(strengthColour({ score: 1, ok: false, problems: ['too_short'] })).toBe('colorError');
  });
});

describe('a lock-out', () => {
  it('lasts as long as the server says, a minute when it does not say', () => {
    expect(waitSeconds(locked({ retry_after_s: 12.2 }))).toBe(13);
    expect(waitSeconds(locked({}))).toBe(60);
    expect(waitSeconds(locked({ retry_after_s: 'soon' }))).toBe(60);
  });

  it('is counted down in minutes and seconds', () => {
    expect(clock(75)).toBe('1:15');
    expect(clock(9)).toBe('0:09');
  });
});

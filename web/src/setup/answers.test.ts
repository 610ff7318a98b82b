import { describe, expect, it } from 'vitest';
import { isReservedLogin, reachableStep, stepOfField, toRequest, type Answers } from './answers';

const admin = { name: '林岚', login: 'lin.lan', password: 'three calm herons' };
const empty: Answers = { code: '', language: 'zh', company: '', admin: null, everyday: null };

describe('set-up answers', () => {
  it('lead back to the first unanswered step after a reload', () => {
    expect(reachableStep('everyday', empty)).toBe('company');
    expect(reachableStep('everyday', { ...empty, company: '远山', code: 'X' })).toBe('admin');
    expect(reachableStep('everyday', { ...empty, company: '远山', code: 'X', admin })).toBe('everyday');
    expect(reachableStep('nonsense', empty)).toBe('language');
    expect(reachableStep(undefined, empty)).toBe('language');
  });

  it('find the step where a complaint can be mended', () => {
    expect(stepOfField('admin.login')).toBe('admin');
    expect(stepOfField('everyday.password')).toBe('everyday');
    expect(stepOfField('code')).toBe('company');
  });

  it('leave the everyday account out when there is none', () => {
    expect(toRequest({ ...empty, code: 'X', company: '远山' }, admin, null)).not.toHaveProperty('everyday');
  });

  it('keep the logins of the two other administrations free', () => {
    expect(isReservedLogin(' Audit')).toBe(true);
    expect(isReservedLogin('lin.lan')).toBe(false);
  });
});

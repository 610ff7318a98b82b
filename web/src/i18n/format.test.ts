import { describe, expect, it } from 'vitest';
import { formatCount, formatDate, formatDateTime, formatDay, formatDuration, formatMoney, formatMoneyShort, formatRelative, parseMoney } from './format';

const NOW = new Date('2026-11-23T12:00:00');

describe('money', () => {
  it('is shown in yuan from fen', () => {
    expect(formatMoney(123456, 'zh')).toBe('¥1,234.56');
    expect(formatMoney(500000, 'en')).toBe('¥5,000');
    expect(formatMoney(-50, 'zh')).toBe('-¥0.50');
  });
  it('is short in heads of columns', () => {
    expect(formatMoneyShort(1_234_500_00, 'zh')).toBe('¥123.5万');
    expect(formatMoneyShort(1_200_000_00, 'en')).toMatch(/^¥1\.2m$/i);
  });
  it('is read as people type it', () => {
    expect(parseMoney('1,234.5')).toBe(123450);
    expect(parseMoney('¥ 12')).toBe(1200);
    expect(parseMoney('3.5万')).toBe(3_500_000);
    expect(parseMoney('0.07')).toBe(7);
    expect(parseMoney('abc')).toBeNull();
    expect(parseMoney('')).toBeNull();
  });
});

describe('dates', () => {
  it('follow the language', () => {
    expect(formatDate('2026-03-05', 'zh')).toBe('2026-03-05');
    expect(formatDate('2026-03-05', 'en')).toBe('5 Mar 2026');
    expect(formatDateTime('2026-03-05T08:07:00', 'zh')).toBe('2026-03-05 08:07');
    expect(formatDate('nonsense', 'zh')).toBe('nonsense');
  });
  it('name the day of a timeline, and the year only when it is another', () => {
    expect(formatDay('2026-11-20T10:00:00', 'zh', NOW)).toBe('11月20日星期五');
    expect(formatDay('2025-11-20T10:00:00', 'zh', NOW)).toContain('2025');
  });
  it('are relative while that is short', () => {
    expect(formatRelative('2026-11-23T11:57:00', 'zh', NOW)).toBe('3分钟前');
    expect(formatRelative('2026-11-25T12:00:00', 'en', NOW)).toBe('in 2 days');
    expect(formatRelative('2026-01-01T12:00:00', 'zh', NOW)).toBe('2026-01-01');
  });
});

describe('counts and durations', () => {
  it('say when counting stopped', () => {
    expect(formatCount({ value: 10000, capped: true }, 'zh')).toBe('10,000+');
    expect(formatCount({ value: 42, capped: false }, 'en')).toBe('42');
  });
  it('are short', () => {
    expect(formatDuration(270)).toBe('4:30');
    expect(formatDuration(3909)).toBe('1:05:09');
  });
});

import { currentLanguage, useLanguage } from './catalogue';
import type { Label, Language } from './language';

const LOCALE: Record<Language, string> = { zh: 'zh-CN', en: 'en-GB' };
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const made = new Map<string, unknown>();

/** Making an Intl formatter costs more than using it a hundred times, and lists use them by the thousand. */
function once<T>(kind: string, language: Language, make: (locale: string) => T): T {
  const key = `${kind} ${language}`;
  const known = made.get(key);
  if (known !== undefined) return known as T;
  const formatter = make(LOCALE[language]);
  made.set(key, formatter);
  return formatter;
}

/** ¥12,345.60 from fen; whole yuan lose the decimals in dense places. */
export function formatMoney(minor: number, language: Language): string {
  const digits = minor % 100 === 0 ? 0 : 2;
  return once(`money ${digits}`, language, (locale) => new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'CNY',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })).format(minor / 100);
}

/** ¥123.5万 / ¥1.2M: sums in column heads and charts. */
export function formatMoneyShort(minor: number, language: Language): string {
  return once('short money', language, (locale) => new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'CNY',
    currencyDisplay: 'narrowSymbol',
    notation: 'compact',
    minimumFractionDigits: 0,
    maximumFractionDigits: 1,
  })).format(minor / 100);
}

export function formatNumber(value: number, language: Language): string {
  return once('number', language, (locale) => new Intl.NumberFormat(locale)).format(value);
}

/** `10,000+` when the server stopped counting. */
export function formatCount(count: { value: number; capped: boolean }, language: Language): string {
  return `${formatNumber(count.value, language)}${count.capped ? '+' : ''}`;
}

/** A calendar day. Plain dates ("2026-11-23") have no zone and stay on their day. */
export function formatDate(value: string, language: Language): string {
  const plain = /^\d{4}-\d{2}-\d{2}$/.test(value);
  const date = new Date(plain ? `${value}T00:00:00` : value);
  if (Number.isNaN(date.getTime())) return value;
  return language === 'zh'
    ? `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
    : once('date', 'en', (locale) => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' })).format(date);
}

export function formatTime(value: string): string {
  const date = new Date(value);
  return `${pad(date.getHours())}:${pad(date.getMinutes())}`;
}

export function formatDateTime(value: string, language: Language): string {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return value;
  return `${formatDate(value, language)} ${formatTime(value)}`;
}

/** Headline of a day in a timeline: 11月23日 星期一 / Mon, 23 Nov; the year only when it is another one. */
export function formatDay(value: string, language: Language, now: Date): string {
  const date = new Date(value);
  const otherYear = date.getFullYear() !== now.getFullYear();
  return new Intl.DateTimeFormat(LOCALE[language], {
    month: language === 'zh' ? 'long' : 'short',
    day: 'numeric',
    weekday: language === 'zh' ? 'long' : 'short',
    ...(otherYear ? { year: 'numeric' as const } : {}),
  }).format(date);
}

/** 3 分钟前, in 2 days; beyond thirty days the date itself says more. */
export function formatRelative(value: string, language: Language, now: Date): string {
  const seconds = (new Date(value).getTime() - now.getTime()) / 1000;
  if (Number.isNaN(seconds)) return value;
  const size = Math.abs(seconds);
  const relative = once('relative', language, (locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
  if (size < MINUTE) return relative.format(0, 'second');
  if (size < HOUR) return relative.format(Math.round(seconds / MINUTE), 'minute');
  if (size < DAY) return relative.format(Math.round(seconds / HOUR), 'hour');
  if (size < 30 * DAY) return relative.format(Math.round(seconds / DAY), 'day');
  return formatDate(value, language);
}

/** Call length from seconds: 1:05:09, 4:30. */
export function formatDuration(seconds: number): string {
  const hours = Math.floor(seconds / HOUR);
  const minutes = Math.floor((seconds % HOUR) / MINUTE);
  const rest = pad(Math.floor(seconds % MINUTE));
  return hours > 0 ? `${hours}:${pad(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** Yuan as typed ("1,234.5", "¥1234.50", "12万") to fen; null when it is no amount. */
export function parseMoney(typed: string): number | null {
  const match = /^[¥￥]?\s*(-?\d+(?:\.\d+)?)\s*(万|亿)?$/u.exec(typed.replaceAll(/[,，\s]/gu, ''));
  if (match?.[1] === undefined) return null;
  const scale = match[2] === '亿' ? 100_000_000 : match[2] === '万' ? 10_000 : 1;
  return Math.round(Number(match[1]) * scale * 100);
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

export interface Formats {
  language: Language;
  label: (label: Label) => string;
  /** A label inside a sentence: English writes it small. */
  noun: (label: Label) => string;
  money: (minor: number) => string;
  moneyShort: (minor: number) => string;
  number: (value: number) => string;
  count: (count: { value: number; capped: boolean }) => string;
  date: (value: string) => string;
  time: (value: string) => string;
  dateTime: (value: string) => string;
  day: (value: string) => string;
  relative: (value: string) => string;
  duration: (seconds: number) => string;
}

export function formatsFor(language: Language): Formats {
  return {
    language,
    label: (label) => label[language],
    noun: (label) => (language === 'en' ? label.en.toLowerCase() : label.zh),
    money: (minor) => formatMoney(minor, language),
    moneyShort: (minor) => formatMoneyShort(minor, language),
    number: (value) => formatNumber(value, language),
    count: (count) => formatCount(count, language),
    date: (value) => formatDate(value, language),
    time: formatTime,
    dateTime: (value) => formatDateTime(value, language),
    day: (value) => formatDay(value, language, new Date()),
    relative: (value) => formatRelative(value, language, new Date()),
    duration: formatDuration,
  };
}

const FORMATS: Record<Language, Formats> = { zh: formatsFor('zh'), en: formatsFor('en') };

/** Numbers, dates, money and labels in the language of the screen. */
export function useFormats(): Formats {
  return FORMATS[useLanguage()];
}

export function currentFormats(): Formats {
  return FORMATS[currentLanguage()];
}

import { Input } from 'antd';
import { useState } from 'react';
import { parseMoney } from '@/i18n/format';
import { records } from '../texts';

interface MoneyInputProps {
  id?: string | undefined;
  className?: string | undefined;
  'aria-label'?: string;
  autoFocus?: boolean;
  placeholder?: string | undefined;
  /** In fen. */
  value: number | null;
  onChange: (minor: number | null) => void;
}

/** An amount typed in yuan ("12,000", "1.2万"), kept in fen. */
export function MoneyInput({ value, onChange, ...input }: MoneyInputProps) {
  const t = records.useText();
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? (value === null ? '' : String(value / 100));
  const wrong = shown.trim() !== '' && parseMoney(shown) === null;
  return (
    <Input
      {...input}
      inputMode="decimal"
      prefix="¥"
      suffix={t('field.yuan')}
      {...(wrong ? { status: 'error' as const, title: t('field.badMoney') } : {})}
      value={shown}
      onChange={(event) => {
        setTyped(event.target.value);
        const minor = parseMoney(event.target.value);
        if (minor !== null || event.target.value.trim() === '') onChange(minor);
      }}
      onBlur={() => setTyped(null)}
    />
  );
}

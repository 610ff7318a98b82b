import { SearchOutlined } from '@ant-design/icons';
import { Input } from 'antd';
import { useEffect, useRef, useState } from 'react';

interface SearchBoxProps {
  value: string | undefined;
  placeholder: string;
  onChange: (text: string | undefined) => void;
}

const PAUSE_MS = 300;

/** Searches after a pause in typing. While Chinese is being composed it waits for the word. */
export function SearchBox({ value, placeholder, onChange }: SearchBoxProps) {
  const [typed, setTyped] = useState<{ text: string; from: string | undefined }>({ text: value ?? '', from: value });
  const composing = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  // The address changed by other means (Back, "clear"): follow it.
  if (typed.from !== value) setTyped({ text: value ?? '', from: value });

  const settle = (text: string, wait: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const clean = text.trim() === '' ? undefined : text.trim();
      if (clean !== value) {
        setTyped({ text, from: clean });
        onChange(clean);
      }
    }, wait);
  };
  return (
    <Input
      allowClear
      type="search"
      aria-label={placeholder}
      placeholder={placeholder}
      prefix={<SearchOutlined aria-hidden="true" />}
      value={typed.text}
      onChange={(event) => {
        setTyped({ text: event.target.value, from: value });
        if (!composing.current) settle(event.target.value, PAUSE_MS);
      }}
      onCompositionStart={() => {
        composing.current = true;
      }}
      onCompositionEnd={(event) => {
        composing.current = false;
        settle(event.currentTarget.value, PAUSE_MS);
      }}
      onPressEnter={() => settle(typed.text, 0)}
    />
  );
}

import { SearchOutlined } from '@ant-design/icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Input, Modal, Spin } from 'antd';
import { useId, useState, type KeyboardEvent } from 'react';
import { searchQuery } from '@/api/records';
import { ADMINISTRATION, allowed, WORK } from '@/app/menu';
import { useCan } from '@/app/session';
import { app } from '@/app/texts';
import { StateFace } from '@/ui/DataState';
import { useDebounced } from '@/ui/useDebounced';
import { LIST_PATH } from '../paths';
import { records } from '../texts';
import { SearchHitRow } from './SearchHitRow';
import styles from './search.module.css';

type Choice = { kind: 'place'; path: string; text: string } | { kind: 'hit'; index: number };

/** Ctrl/Cmd-K: finds records and places. Only what the person may read can match; the server sees to that. */
export default function SearchPalette({ onClose }: { onClose: () => void }) {
  const t = records.useText();
  const ta = app.useText();
  const can = useCan();
  const navigate = useNavigate();
  const listId = useId();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const asked = useDebounced(text.trim(), 150);
  const found = useQuery({ ...searchQuery(asked), placeholderData: keepPreviousData });
  const hits = text.trim() === '' ? [] : (found.data?.items ?? []);

  const places = [...allowed(WORK, can), ...allowed(ADMINISTRATION, can)]
    .map((entry) => ({ kind: 'place' as const, path: entry.path, text: ta(entry.text) }))
    .filter((place) => place.text.toLowerCase().includes(text.trim().toLowerCase()))
    .slice(0, text.trim() === '' ? 20 : 3);
  const choices: Choice[] = [...hits.map((_hit, index) => ({ kind: 'hit' as const, index })), ...places];
  const current = Math.min(active, choices.length - 1);

  const choose = (choice: Choice | undefined) => {
    if (choice === undefined) return;
    onClose();
    if (choice.kind === 'place') return void navigate({ to: choice.path });
    const hit = hits[choice.index];
    if (hit === undefined) return;
    if (hit.object === 'customer') void navigate({ to: '/customers/$id', params: { id: hit.record.id } });
    else void navigate({ to: LIST_PATH[hit.object], search: { open: hit.record.id, view: 'all' } });
  };
  const keyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'ArrowDown') setActive(Math.min(choices.length - 1, current + 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(0, current - 1));
    else if (event.key === 'Enter') choose(choices[current]);
    else return;
    event.preventDefault();
  };
  const optionId = (index: number) => `${listId}-${index}`;
  return (
    <Modal open footer={null} closable={false} width={640} onCancel={onClose} className={styles.modal} title={<span className={styles.hidden}>{t('search.title')}</span>}>
      <Input
        autoFocus
        size="large"
        variant="borderless"
        role="combobox"
        aria-expanded
        aria-controls={listId}
        aria-activedescendant={choices.length === 0 ? undefined : optionId(current)}
        aria-label={t('search.placeholder')}
        placeholder={t('search.placeholder')}
        prefix={<SearchOutlined aria-hidden="true" />}
        suffix={found.isFetching ? <Spin size="small" /> : null}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={keyDown}
      />
      <div id={listId} role="listbox" aria-label={t('search.title')} className={styles.list}>
        {choices.map((choice, index) => {
          const hit = choice.kind === 'hit' ? hits[choice.index] : undefined;
          return (
            <div
              key={choice.kind === 'hit' ? `hit-${hit?.record.id}` : choice.path}
              id={optionId(index)}
              role="option"
              aria-selected={index === current}
              tabIndex={-1}
              className={styles.option}
              ref={index === current ? intoView : undefined}
              onMouseMove={() => setActive(index)}
              onClick={() => choose(choice)}
              onKeyDown={keyDown}
            >
              {hit === undefined ? null : <SearchHitRow hit={hit} />}
              {choice.kind === 'place' ? <span><span className={styles.quiet}>{t('search.go')}</span> {choice.text}</span> : null}
            </div>
          );
        })}
      </div>
      {text.trim() !== '' && !found.isFetching && hits.length === 0 && asked === text.trim() ? (
        <StateFace icon={<SearchOutlined />} title={t('search.none')} help={t('search.none.help')} />
      ) : null}
      <div className={styles.foot}>
        <span>{t('search.keys')}</span>
        {found.data !== undefined && hits.length > 0 ? <span>{found.data.more ? t('search.more') : t('search.took', { ms: found.data.took_ms })}</span> : null}
      </div>
    </Modal>
  );
}

function intoView(element: HTMLElement | null) {
  element?.scrollIntoView({ block: 'nearest' });
}

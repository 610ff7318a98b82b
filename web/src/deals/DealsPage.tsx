import { AppstoreOutlined, TableOutlined } from '@ant-design/icons';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Segmented } from 'antd';
import type { ListSearch } from '@/app/list-search';
import { RecordListPage } from '@/records/list/RecordListPage';
import { DealBoard } from './DealBoard';
import { deals } from './texts';

/** Deals as a list or, with drag between stages, as a board. */
export default function DealsPage() {
  const t = deals.useText();
  const search: ListSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const mode = search.mode === 'board' ? 'board' : 'list';
  return (
    <RecordListPage
      object="deal"
      modeSwitch={
        <Segmented<'list' | 'board'>
          aria-label={t('mode.label')}
          value={mode}
          onChange={(next) => void navigate({ to: '/deals', search: next === 'board' ? { ...search, mode: 'board', view: search.view ?? 'all' } : { ...search, mode: undefined } })}
          options={[
            { value: 'list', icon: <TableOutlined />, label: t('mode.list') },
            { value: 'board', icon: <AppstoreOutlined />, label: t('mode.board') },
          ]}
        />
      }
      {...(mode === 'board' ? { body: (state) => <DealBoard state={state} /> } : {})}
    />
  );
}

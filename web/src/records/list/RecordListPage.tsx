import { PlusOutlined, UploadOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Button, Skeleton } from 'antd';
import { useState, type ReactNode } from 'react';
import { ApiProblem } from '@/api/problem';
import type { FieldValues, ObjectName } from '@/api/types';
import { useImports } from '@/app/session';
import { useFormats } from '@/i18n/format';
import { ErrorFace } from '@/ui/DataState';
import { PageHeader } from '@/ui/PageHeader';
import { RecordPanel } from '../detail/RecordPanel';
import { FilterButton } from '../filter/FilterButton';
import { CreateDrawer } from '../form/CreateDrawer';
import { records } from '../texts';
import { useObject, useObjectRights } from '../useObject';
import { ListTable } from './ListTable';
import styles from './list.module.css';
import { QuickViews } from './QuickViews';
import { SearchBox } from './SearchBox';
import { useListState, type ListState } from './useListState';
import { useRecordPages } from './useRecordPages';

interface RecordListPageProps {
  object: ObjectName;
  /** Another way to show the same rows (a board, grouped tasks), and the switch to it. */
  body?: (state: ListState) => ReactNode;
  modeSwitch?: ReactNode;
  /** Values a new record starts with. */
  initial?: FieldValues;
}

/** The list of one object with everything around it: quick views, search, filter, columns, create, side panel. */
export function RecordListPage({ object: name, body, modeSwitch, initial }: RecordListPageProps) {
  const t = records.useText();
  const { label, noun, count: formatCount } = useFormats();
  const navigate = useNavigate();
  const object = useObject(name);
  const may = useObjectRights(name);
  const state = useListState(name);
  const [creating, setCreating] = useState(false);
  const pages = useRecordPages(name, state.request, object !== undefined);
  const imports = useImports();
  const importable = imports && may('import') && name !== 'deal' && name !== 'task';

  if (object === undefined) {
    return may('list') ? <Skeleton active className={styles.skeleton} /> : <ErrorFace error={forbidden} />;
  }
  const plural = label(object.label_plural);
  return (
    <div className={styles.page}>
      <div className={styles.top}>
        <PageHeader
          title={plural}
          extra={pages.count === undefined ? undefined : t('list.count', { count: formatCount(pages.count) })}
          actions={
            <>
              {importable ? (
                <Button icon={<UploadOutlined />} onClick={() => void navigate({ to: '/imports' })}>{t('list.import')}</Button>
              ) : null}
              {may('create') ? (
                <Button type="primary" icon={<PlusOutlined />} onClick={() => setCreating(true)}>{t('create', { object: noun(object.label) })}</Button>
              ) : null}
            </>
          }
        />
        <div className={styles.bar}>
          <QuickViews object={name} value={state.view.key} onChange={(view) => state.change({ view, open: undefined })} />
          {modeSwitch}
          <span className={styles.grow} />
          <div className={styles.search}>
            <SearchBox value={state.search.q} placeholder={t('list.search', { objects: noun(object.label_plural) })} onChange={(q) => state.change({ q })} />
          </div>
          <FilterButton object={object} value={state.search.filter} onChange={(filter) => state.change({ filter })} />
        </div>
      </div>
      {body?.(state) ?? <ListTable object={object} state={state} pages={pages} onCreate={may('create') ? () => setCreating(true) : undefined} />}
      {state.search.open === undefined ? null : (
        <RecordPanel object={name} id={state.search.open} onClose={state.close} />
      )}
      {creating ? (
        <CreateDrawer object={object} initial={initial} onClose={() => setCreating(false)} onCreated={(item) => state.open(item.id)} />
      ) : null}
    </div>
  );
}

const forbidden = new ApiProblem({ type: 'about:blank', key: 'forbidden', title: 'forbidden', status: 403 }, null);

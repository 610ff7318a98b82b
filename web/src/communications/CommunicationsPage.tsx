import { PlusOutlined } from '@ant-design/icons';
import { Button, Drawer, Skeleton } from 'antd';
import { useState } from 'react';
import { app } from '@/app/texts';
import { usePhone } from '@/app/usePhone';
import { useFormats } from '@/i18n/format';
import { CreateDrawer } from '@/records/form/CreateDrawer';
import { FilterButton } from '@/records/filter/FilterButton';
import { QuickViews } from '@/records/list/QuickViews';
import { SearchBox } from '@/records/list/SearchBox';
import { useListState } from '@/records/list/useListState';
import { useRecordPages } from '@/records/list/useRecordPages';
import { records } from '@/records/texts';
import { useObject, useObjectRights } from '@/records/useObject';
import { ForbiddenPage } from '@/ui/ForbiddenPage';
import { PageHeader } from '@/ui/PageHeader';
import styles from './inbox.module.css';
import { InboxFilters } from './InboxFilters';
import { InboxList } from './InboxList';
import { ReadingPane } from './ReadingPane';
import { communications } from './texts';

/** Every conversation of the company, as an inbox: filters, list, reading pane. */
export default function CommunicationsPage() {
  const t = communications.useText();
  const tr = records.useText();
  const { label, noun, count } = useFormats();
  const phone = usePhone();
  const object = useObject('communication');
  const may = useObjectRights('communication');
  const state = useListState('communication');
  const pages = useRecordPages('communication', state.request, object !== undefined);
  const [creating, setCreating] = useState(false);
  if (object === undefined) return may('list') ? <Skeleton active className={styles.skeleton} /> : <ForbiddenPage title={app.text('menu.communications')} />;
  const reading = state.search.open === undefined ? null : <ReadingPane key={state.search.open} id={state.search.open} onDeleted={state.close} />;
  return (
    <div className={styles.page}>
      <div className={styles.top}>
        <PageHeader
          title={label(object.label_plural)}
          extra={pages.count === undefined ? undefined : tr('list.count', { count: count(pages.count) })}
          actions={
            <>
              {phone ? <QuickViews object="communication" value={state.view.key} onChange={(view) => state.change({ view, open: undefined })} /> : null}
              <div className={styles.search}>
                <SearchBox value={state.search.q} placeholder={tr('list.search', { objects: noun(object.label_plural) })} onChange={(q) => state.change({ q })} />
              </div>
              <FilterButton object={object} value={state.search.filter} onChange={(filter) => state.change({ filter })} />
              {may('create') ? (
                <Button type="primary" icon={<PlusOutlined />} onClick={() => setCreating(true)}>{tr('create', { object: noun(object.label) })}</Button>
              ) : null}
            </>
          }
        />
      </div>
      <div className={styles.panes}>
        {phone ? null : <InboxFilters object={object} state={state} />}
        <InboxList state={state} pages={pages} />
        {phone ? null : <section className={styles.reading} aria-label={t('reading.label')}>{reading ?? <ReadingPane id={null} onDeleted={state.close} />}</section>}
      </div>
      {phone && reading !== null ? (
        <Drawer open size="100%" title={label(object.label)} onClose={state.close} styles={{ body: { padding: 0 } }}>{reading}</Drawer>
      ) : null}
      {creating ? <CreateDrawer object={object} onClose={() => setCreating(false)} onCreated={(item) => state.open(item.id)} /> : null}
    </div>
  );
}

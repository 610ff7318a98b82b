import { AuditOutlined } from '@ant-design/icons';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useFormats } from '@/i18n/format';
import { DataState } from '@/ui/DataState';
import styles from './audit.module.css';
import type { AuditSearch } from './audit-search';
import { entriesQuery, entryQuery } from './data';
import { EntryDrawer } from './EntryDrawer';
import { EntryTable } from './EntryTable';
import { auditTexts } from './texts';

interface EntriesProps {
  search: AuditSearch;
  onShow: (part: AuditSearch) => void;
  onClear: () => void;
}

/** The entries that match, newest first, and the one that is open beside them. */
export function Entries({ search, onShow, onClear }: EntriesProps) {
  const t = auditTexts.useText();
  const { count } = useFormats();
  const query = useInfiniteQuery(entriesQuery(search));
  const entries = query.data?.pages.flatMap((page) => page.items) ?? [];
  const listed = entries.find((entry) => entry.seq === search.entry);
  const single = useQuery({
    ...entryQuery(search.entry),
    enabled: search.entry !== undefined && listed === undefined && !query.isPending,
  });
  const total = query.data?.pages[0]?.count;
  const filtered = Object.keys(search).some((name) => name !== 'entry');
  return (
    <>
      <DataState
        query={query}
        // A search by record goes back in stretches: one without a hit is not the end.
        isEmpty={entries.length === 0 && !query.hasNextPage}
        empty={
          filtered
            ? {
                icon: <AuditOutlined />,
                title: t('list.empty'),
                help: t('list.emptyHelp'),
                action: <Button onClick={onClear}>{t('filter.clear')}</Button>,
              }
            : { icon: <AuditOutlined />, title: t('list.none'), help: t('list.noneHelp') }
        }
      >
        {total && <span className={styles.quiet}>{t('list.count', { total: count(total) })}</span>}
        <EntryTable
          entries={entries}
          open={search.entry}
          onOpen={(entry) => onShow({ entry })}
          hasMore={query.hasNextPage}
          loading={query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage()}
        />
      </DataState>
      <EntryDrawer
        seq={search.entry}
        entry={listed ?? single.data}
        pending={query.isPending || single.isLoading}
        onShow={onShow}
        onClose={() => onShow({ entry: undefined })}
      />
    </>
  );
}

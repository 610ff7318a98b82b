import { ArrowDownOutlined, ArrowUpOutlined } from '@ant-design/icons';
import type { FieldMeta } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { ClassBadge } from '../fields/ClassBadge';
import { records } from '../texts';
import { alignsRight } from './columns';
import styles from './grid.module.css';

interface GridHeaderProps {
  field: FieldMeta;
  sticky: boolean;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
}

/** Name of a column; pressing it sorts up, down, and not at all. */
export function GridHeader({ field, sticky, sort, onSort }: GridHeaderProps) {
  const t = records.useText();
  const { label } = useFormats();
  const name = label(field.label);
  const direction = sort === field.name ? 'ascending' : sort === `-${field.name}` ? 'descending' : 'none';
  const next = direction === 'none' ? field.name : direction === 'ascending' ? `-${field.name}` : undefined;
  return (
    <div
      role="columnheader"
      aria-sort={field.sortable ? direction : undefined}
      className={sticky ? styles.stickyHead : styles.headCell}
      data-right={alignsRight(field)}
    >
      {field.sortable ? (
        <button type="button" className={styles.sort} title={t('list.sort.by', { field: name })} onClick={() => onSort(next)}>
          <span>{name}</span>
          {direction === 'ascending' ? <ArrowUpOutlined aria-hidden="true" /> : null}
          {direction === 'descending' ? <ArrowDownOutlined aria-hidden="true" /> : null}
        </button>
      ) : (
        <span className={styles.headText}>{name}</span>
      )}
      <ClassBadge fieldClass={field.class} />
    </div>
  );
}

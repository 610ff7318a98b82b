import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert, Form, type FormInstance } from 'antd';
import { duplicatesQuery } from '@/api/records';
import type { FieldValues } from '@/api/types';
import { recordTitle } from '@/ui/record-title';
import { useDebounced } from '@/ui/useDebounced';
import { records } from '../texts';
import styles from './form.module.css';

/** Says while typing that this customer may exist already: same phone or e-mail, or a name close to it. */
export function DuplicateWarning({ form }: { form: FormInstance<FieldValues> }) {
  const t = records.useText();
  const values: FieldValues = Form.useWatch([], form) ?? {};
  const typed = JSON.stringify({ phone: values.phone ?? '', email: values.email ?? '', name: values.name ?? '' });
  const settled = JSON.parse(useDebounced(typed, 400)) as { phone: string; email: string; name: string };
  const { data } = useQuery(duplicatesQuery(settled));
  if (data === undefined || data.length === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      className={styles.warning}
      title={t('form.duplicates')}
      description={
        <ul className={styles.duplicates}>
          {data.map(({ record }) => (
            <li key={record.id}>
              <Link to="/customers/$id" params={{ id: record.id }}>{recordTitle('customer', record)}</Link>
              {record._labels.owner === undefined ? null : ` · ${record._labels.owner}`}
            </li>
          ))}
        </ul>
      }
    />
  );
}

import { Alert, Table, type TableColumnsType } from 'antd';
import type { ImportCheck, ImportObject } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { findField, useObject } from '@/records/useObject';
import { Counts } from './Counts';
import styles from './imports.module.css';
import { ScrollRegion } from './ScrollRegion';
import { importTexts } from './texts';
import { reasonText } from './words';

type CheckError = ImportCheck['errors'][number];

/** The judgement on the first rows, and every problem in words. */
export function CheckResult({ check, object }: { check: ImportCheck; object: ImportObject }) {
  const t = importTexts.useText();
  const { number, label } = useFormats();
  const meta = useObject(object);
  const fieldName = (name: string) => {
    const field = meta && findField(meta, name);
    return field ? label(field.label) : name;
  };
  const columns: TableColumnsType<CheckError> = [
    { key: 'row', title: t('check.row'), dataIndex: 'row', width: 64 },
    { key: 'field', title: t('check.field'), render: (_, error) => fieldName(error.field) },
    { key: 'problem', title: t('check.problem'), render: (_, error) => reasonText(error.key, error.detail) },
    { key: 'value', title: t('check.value'), render: (_, error) => <span className={styles.cells}>{error.value ?? ''}</span> },
  ];
  return (
    <section className={styles.section} aria-labelledby="check-title">
      <h2 id="check-title" className={styles.subtitle}>
        {t('check.title')}
      </h2>
      <span className={styles.quiet}>{t('check.checked', { checked: number(check.checked) })}</span>
      <Counts
        items={[
          { name: t('check.valid'), value: check.valid, tone: 'good' },
          { name: t('check.invalid'), value: check.checked - check.valid, tone: 'bad' },
          { name: t('check.exact'), value: check.duplicates.exact, tone: 'warn' },
          { name: t('check.near'), value: check.duplicates.near, tone: 'warn' },
        ]}
      />
      {check.errors.length === 0 ? (
        <Alert type="success" showIcon title={t('check.allGood')} />
      ) : (
        <>
          <Alert type="warning" showIcon title={t('check.errors')} description={t('check.errorsHelp')} />
          <ScrollRegion label={t('check.errors')}>
            <Table
              rowKey={(error) => `${error.row}-${error.field}-${error.key}`}
              size="small"
              columns={columns}
              dataSource={check.errors}
              pagination={false}
            />
          </ScrollRegion>
        </>
      )}
    </section>
  );
}

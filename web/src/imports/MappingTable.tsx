import { Select, Table, type TableColumnsType } from 'antd';
import type { FieldMeta, ImportColumn } from '@/api/types';
import { usePhone } from '@/app/usePhone';
import { useFormats } from '@/i18n/format';
import { ClassBadge } from '@/records/fields/ClassBadge';
import { StatusTag } from '@/ui/StatusTag';
import styles from './imports.module.css';
import type { Mapping } from './mapping';
import { importTexts } from './texts';

interface MappingTableProps {
  columns: ImportColumn[];
  fields: FieldMeta[];
  mapping: Mapping;
  onAssign: (column: number, field: string | null) => void;
}

export function MappingTable({ columns, fields, mapping, onAssign }: MappingTableProps) {
  const t = importTexts.useText();
  const phone = usePhone();
  const header = (column: ImportColumn) => column.header || t('mapping.noHeader', { number: column.index + 1 });
  const samples: TableColumnsType<ImportColumn>[number] = {
    key: 'samples',
    title: t('mapping.samples'),
    render: (_, column) => <span className={styles.samples}>{column.samples.join(' · ')}</span>,
  };
  const table: TableColumnsType<ImportColumn> = [
    {
      key: 'header',
      title: t('mapping.column'),
      render: (_, column) => (
        <>
          <strong>{header(column)}</strong>
          {phone && <span className={styles.samples}>{column.samples[0]}</span>}
        </>
      ),
    },
    ...(phone ? [] : [samples]),
    {
      key: 'field',
      title: t('mapping.field'),
      width: phone ? 216 : 320,
      render: (_, column) => (
        <FieldChoice
          name={header(column)}
          fields={fields}
          value={mapping.find((entry) => entry.column === column.index)?.field ?? null}
          onChange={(field) => onAssign(column.index, field)}
        />
      ),
    },
  ];
  return <Table rowKey="index" size="small" columns={table} dataSource={columns} pagination={false} />;
}

interface FieldChoiceProps {
  name: string;
  fields: FieldMeta[];
  value: string | null;
  onChange: (field: string | null) => void;
}

function FieldChoice({ name, fields, value, onChange }: FieldChoiceProps) {
  const t = importTexts.useText();
  const { label } = useFormats();
  const chosen = fields.find((field) => field.name === value);
  return (
    <div className={styles.field}>
      <Select<string>
        allowClear
        className={styles.fieldSelect}
        aria-label={t('mapping.fieldOf', { column: name })}
        placeholder={t('mapping.leaveOut')}
        value={value}
        popupMatchSelectWidth={false}
        showSearch={{ optionFilterProp: 'label' }}
        options={fields.map((field) => ({ value: field.name, label: label(field.label), field }))}
        optionRender={(option) => (
          <span className={styles.field}>
            {option.label}
            <ClassBadge fieldClass={option.data.field.class} />
            {option.data.field.required && <StatusTag tone="warn">{t('mapping.required')}</StatusTag>}
          </span>
        )}
        onChange={(field: string | undefined) => onChange(field ?? null)}
      />
      <span className={styles.mark}>
        {chosen?.required ? <StatusTag tone="warn">{t('mapping.required')}</StatusTag> : chosen && <ClassBadge fieldClass={chosen.class} />}
      </span>
    </div>
  );
}

import { DownOutlined, UpOutlined } from '@ant-design/icons';
import { Button, Form, type FormInstance } from 'antd';
import { useState } from 'react';
import type { FieldMeta, FieldValues, ObjectMeta } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { ClassBadge } from '../fields/ClassBadge';
import { FieldInput } from '../fields/FieldInput';
import { records } from '../texts';
import { editableFields } from '../useObject';
import { DuplicateWarning } from './DuplicateWarning';
import styles from './form.module.css';
import { rulesFor } from './rules';

/** Shown at once; the rest waits behind "more fields". */
const FIRST_FIELDS = 8;
/** Fields of the first line, under which duplicates are warned of. */
const FIRST_LINE = 2;

interface RecordFormProps {
  object: ObjectMeta;
  form: FormInstance<FieldValues>;
  initial: FieldValues;
  /** Names for references in `initial`. */
  labels?: Record<string, string> | undefined;
  onSubmit: () => void;
}

/** A form made from the catalog: inputs by type, protection explained, duplicates warned of while typing. */
export function RecordForm({ object, form, initial, labels, onSubmit }: RecordFormProps) {
  const t = records.useText();
  const [all, setAll] = useState(false);
  const fields = orderedFields(object);
  const shown = all ? fields : fields.filter((field, index) => index < FIRST_FIELDS || field.required);
  return (
    <Form form={form} layout="vertical" initialValues={initial} onFinish={onSubmit} requiredMark>
      <div className={styles.grid}>
        {shown.slice(0, FIRST_LINE).map((field) => <FormField key={field.name} field={field} label={labels?.[field.name]} />)}
        {object.name === 'customer' ? <div className={styles.wide}><DuplicateWarning form={form} /></div> : null}
        {shown.slice(FIRST_LINE).map((field) => <FormField key={field.name} field={field} label={labels?.[field.name]} />)}
      </div>
      {fields.length > shown.length || all ? (
        <Button type="link" icon={all ? <UpOutlined /> : <DownOutlined />} onClick={() => setAll(!all)} className={styles.more}>
          {all ? t('form.fewer') : t('form.more')}
        </Button>
      ) : null}
    </Form>
  );
}

function FormField({ field, label }: { field: FieldMeta; label: string | undefined }) {
  const format = useFormats();
  return (
    <Form.Item
      name={field.name}
      className={field.type === 'long_text' || field.type === 'address' ? styles.wide : undefined}
      label={<span>{format.label(field.label)}<ClassBadge fieldClass={field.class} /></span>}
      rules={rulesFor(field, format)}
      validateTrigger="onBlur"
    >
      <FieldInput field={field} label={label} />
    </Form.Item>
  );
}

/** Title and required fields first, then as the catalog has them, long texts last. */
function orderedFields(object: ObjectMeta): FieldMeta[] {
  const rank = (field: FieldMeta) =>
    field.name === object.title_field ? 0 : field.required ? 1 : field.type === 'long_text' ? 3 : 2;
  return editableFields(object).toSorted((a, b) => rank(a) - rank(b));
}

import { Form, Radio } from 'antd';
import type { ImportObject, ImportOptions } from '@/api/types';
import { PersonPicker } from '@/ui/PersonPicker';
import styles from './imports.module.css';
import { importTexts } from './texts';

const POLICIES: readonly ImportOptions['duplicates'][] = ['skip', 'update', 'create'];

interface OptionsFormProps {
  object: ImportObject;
  options: ImportOptions;
  onChange: (options: ImportOptions) => void;
}

/** What happens to rows that exist already, and whose the new records are. A mail that exists is the same mail. */
export function OptionsForm({ object, options, onChange }: OptionsFormProps) {
  const t = importTexts.useText();
  return (
    <section className={styles.section} aria-labelledby="options-title">
      <h2 id="options-title" className={styles.subtitle}>
        {t('options.title')}
      </h2>
      <Form layout="vertical" component="div">
        {object !== 'communication' && (
          <Form.Item label={t('options.duplicates')}>
            <Radio.Group
              aria-label={t('options.duplicates')}
              value={options.duplicates}
              options={POLICIES.map((policy) => ({ value: policy, label: t(`options.${policy}`) }))}
              onChange={(event) => onChange({ ...options, duplicates: event.target.value as ImportOptions['duplicates'] })}
            />
          </Form.Item>
        )}
        <Form.Item label={t('options.owner')} htmlFor="import-owner">
          <PersonPicker
            id="import-owner"
            className={styles.fieldSelect}
            value={options.owner}
            placeholder={t('options.ownerMe')}
            onChange={(owner) => onChange({ ...options, owner })}
          />
        </Form.Item>
      </Form>
    </section>
  );
}

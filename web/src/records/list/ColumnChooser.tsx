import { TableOutlined } from '@ant-design/icons';
import { Button, Checkbox, Popover } from 'antd';
import type { ObjectMeta } from '@/api/types';
import { useFormats } from '@/i18n/format';
import type { Columns } from '../grid/columns';
import { records } from '../texts';
import styles from './list.module.css';

/** Which columns a list shows; kept per object in this browser. */
export function ColumnChooser({ object, columns }: { object: ObjectMeta; columns: Columns }) {
  const t = records.useText();
  const { label } = useFormats();
  const shown = columns.shown.map((field) => field.name);
  const choices = object.fields.filter((field) => field.name !== object.title_field && field.class !== 'sealed');
  const toggle = (name: string, on: boolean) => columns.show(on ? [...shown, name] : shown.filter((other) => other !== name));
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      title={t('list.columns.title')}
      content={
        <div className={styles.chooser}>
          {choices.map((field) => (
            <Checkbox key={field.name} checked={shown.includes(field.name)} onChange={(event) => toggle(field.name, event.target.checked)}>
              {label(field.label)}
            </Checkbox>
          ))}
          <Button size="small" type="link" onClick={columns.reset}>{t('list.columns.reset')}</Button>
        </div>
      }
    >
      <Button type="text" size="small" icon={<TableOutlined />} aria-label={t('list.columns')} title={t('list.columns')} />
    </Popover>
  );
}

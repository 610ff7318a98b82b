import { LockOutlined, SafetyOutlined } from '@ant-design/icons';
import { Tooltip } from 'antd';
import type { FieldClass } from '@/api/types';
import { records } from '../texts';
import styles from './fields.module.css';

/** How a field is protected, explained where people ask. Open fields need no mark. */
export function ClassBadge({ fieldClass }: { fieldClass: FieldClass }) {
  const t = records.useText();
  if (fieldClass === 'open') return null;
  const icon = fieldClass === 'confidential' ? <SafetyOutlined /> : <LockOutlined />;
  const explanation = `${t(`class.${fieldClass}`)} · ${t(`class.${fieldClass}.help`)}`;
  return (
    <Tooltip title={explanation}>
      <span className={styles.classBadge} data-class={fieldClass} role="img" aria-label={explanation}>
        {icon}
      </span>
    </Tooltip>
  );
}

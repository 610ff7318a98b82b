import { Segmented, Select } from 'antd';
import type { ObjectName } from '@/api/types';
import { usePhone } from '@/app/usePhone';
import { records } from '../texts';
import { QUICK_VIEWS } from './views';

interface QuickViewsProps {
  object: ObjectName;
  value: string;
  onChange: (key: string) => void;
}

/** The saved quick filters of a list. */
export function QuickViews({ object, value, onChange }: QuickViewsProps) {
  const t = records.useText();
  const phone = usePhone();
  const options = QUICK_VIEWS[object].map((view) => ({ value: view.key, label: t(view.text) }));
  return phone ? (
    <Select aria-label={t('view.label')} value={value} options={options} onChange={onChange} popupMatchSelectWidth={false} />
  ) : (
    <Segmented aria-label={t('view.label')} value={value} options={options} onChange={onChange} />
  );
}

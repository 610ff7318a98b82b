import { Alert } from 'antd';
import type { ImportJob } from '@/api/types';
import { importTexts } from './texts';
import { reasonText } from './words';

/** What the server noticed while reading the file. */
export function Warnings({ warnings }: { warnings: ImportJob['warnings'] }) {
  const t = importTexts.useText();
  if (warnings.length === 0) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title={t('warning.title')}
      description={warnings.map((warning) => (
        <div key={`${warning.key}-${warning.detail}`}>{reasonText(warning.key, warning.detail)}</div>
      ))}
    />
  );
}

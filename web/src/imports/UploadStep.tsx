import { LockOutlined } from '@ant-design/icons';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Alert, Button, Progress, Radio } from 'antd';
import type { ImportObject } from '@/api/types';
import { useCan } from '@/app/session';
import { StateFace } from '@/ui/DataState';
import { fieldErrors, problemText } from '@/ui/useProblem';
import { FileDrop } from './FileDrop';
import { IMPORT_OBJECTS } from './import-search';
import styles from './imports.module.css';
import { importTexts } from './texts';
import { useUpload } from './useUpload';

/** What the file holds, and the file itself. */
export function UploadStep() {
  const t = importTexts.useText();
  const can = useCan();
  const navigate = useNavigate();
  const { object: wished } = useSearch({ from: '/shell/imports/$id' });
  const allowed = IMPORT_OBJECTS.filter((object) => can(`import.${object}`));
  const object = allowed.find((candidate) => candidate === wished) ?? allowed[0];
  const upload = useUpload((id) => void navigate({ to: '/imports/$id', params: { id }, replace: true }));

  if (object === undefined) return <StateFace icon={<LockOutlined />} title={t('upload.forbidden')} />;
  return (
    <>
      <section className={styles.section} aria-labelledby="import-what">
        <h2 id="import-what" className={styles.subtitle}>
          {t('upload.what')}
        </h2>
        <Radio.Group
          className={styles.choices}
          aria-labelledby="import-what"
          value={object}
          disabled={upload.file !== undefined}
          onChange={(event) =>
            void navigate({ to: '/imports/$id', params: { id: 'new' }, search: { object: event.target.value as ImportObject } })
          }
        >
          {allowed.map((name) => (
            <Radio key={name} value={name} className={styles.choice}>
              <span className={styles.choiceText}>
                <strong>{t(`object.${name}`)}</strong>
                <span className={styles.quiet}>{t(`object.${name}.help`)}</span>
              </span>
            </Radio>
          ))}
        </Radio.Group>
      </section>
      {upload.error !== null && (
        <Alert
          type="error"
          showIcon
          title={t('upload.failed')}
          description={[upload.tooLarge ? t('upload.tooLarge') : problemText(upload.error), ...fieldErrors(upload.error).flatMap(({ errors }) => errors)].join(' · ')}
        />
      )}
      {upload.file ? (
        <section className={styles.section} aria-live="polite">
          <span>{t(upload.part < 1 ? 'upload.busy' : 'upload.reading', { name: upload.file.name })}</span>
          <Progress percent={Math.floor(upload.part * 100)} status="active" aria-label={t('upload.busy', { name: upload.file.name })} />
          <div>
            <Button onClick={upload.stop}>{t('upload.cancel')}</Button>
          </div>
        </section>
      ) : (
        <FileDrop
          accept={object === 'communication' ? '.mbox,.eml,message/rfc822' : '.csv,.tsv,.txt,.xlsx,text/csv'}
          title={t('upload.drop')}
          help={t(object === 'communication' ? 'upload.mail' : 'upload.table')}
          onFile={(file) => upload.start(object, file)}
        />
      )}
    </>
  );
}

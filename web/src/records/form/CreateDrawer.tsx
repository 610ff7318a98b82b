import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Drawer, Form } from 'antd';
import { useRef } from 'react';
import { records as api } from '@/api/records';
import type { FieldValues, ObjectMeta, RecordItem } from '@/api/types';
import { usePhone } from '@/app/usePhone';
import { useFormats } from '@/i18n/format';
import { common } from '@/ui/texts';
import { useProblem } from '@/ui/useProblem';
import { refreshLists } from '../cache';
import { records } from '../texts';
import { editableFields } from '../useObject';
import styles from './form.module.css';
import { RecordForm } from './RecordForm';

interface CreateDrawerProps {
  object: ObjectMeta;
  initial?: FieldValues | undefined;
  labels?: Record<string, string> | undefined;
  onClose: () => void;
  onCreated?: ((item: RecordItem) => void) | undefined;
}

/** First choices that are right most of the time. */
const USUAL: Partial<Record<ObjectMeta['name'], FieldValues>> = {
  customer: { kind: 'company', stage: 'lead' },
  deal: { stage: 'qualify' },
  task: { status: 'open', priority: 'normal' },
  communication: { channel: 'note', direction: 'internal' },
};

/** A new record, beside the list it will appear in. */
export function CreateDrawer({ object, initial, labels, onClose, onCreated }: CreateDrawerProps) {
  const t = records.useText();
  const tc = common.useText();
  const { label, noun } = useFormats();
  const phone = usePhone();
  const client = useQueryClient();
  const { message } = App.useApp();
  const { showProblem, fieldErrors } = useProblem();
  const [form] = Form.useForm<FieldValues>();
  // One key per form: pressing twice, or a lost answer, creates one record.
  const idempotencyKey = useRef(crypto.randomUUID());
  const start = startValues(object, initial);

  const create = useMutation({
    mutationFn: async (_then: 'close' | 'another') => api.create(object.name, cleaned(await form.validateFields(), start), idempotencyKey.current),
    onSuccess: async (item, then) => {
      idempotencyKey.current = crypto.randomUUID();
      void message.success(t('form.created', { object: label(object.label) }));
      await refreshLists(client, object.name);
      if (then === 'another') return form.resetFields();
      onClose();
      onCreated?.(item);
    },
    onError: (error) => {
      if (error instanceof Error && error.name === 'ApiProblem') {
        form.setFields(fieldErrors(error));
        showProblem(error);
      }
    },
  });
  return (
    <Drawer
      open
      size={phone ? '100%' : 640}
      title={t('create', { object: noun(object.label) })}
      onClose={onClose}
      footer={
        <div className={styles.footer}>
          <Button onClick={onClose}>{tc('cancel')}</Button>
          <Button onClick={() => create.mutate('another')} disabled={create.isPending}>{t('form.createAnother')}</Button>
          <Button type="primary" loading={create.isPending} onClick={() => create.mutate('close')}>{tc('save')}</Button>
        </div>
      }
    >
      <RecordForm object={object} form={form} initial={start} labels={labels} onSubmit={() => create.mutate('close')} />
    </Drawer>
  );
}

function startValues(object: ObjectMeta, initial: FieldValues = {}): FieldValues {
  const known = new Set(editableFields(object).map((field) => field.name));
  const usual: FieldValues = { ...USUAL[object.name], ...(object.name === 'communication' ? { occurred_at: new Date().toISOString() } : {}) };
  return { ...Object.fromEntries(Object.entries(usual).filter(([name]) => known.has(name))), ...initial };
}

/** What was filled in; hidden optional fields are left to the server. */
function cleaned(typed: FieldValues, start: FieldValues): FieldValues {
  return Object.fromEntries(
    Object.entries({ ...start, ...typed })
      .map(([name, value]) => [name, typeof value === 'string' ? value.trim() : value] as const)
      .filter(([, value]) => value !== undefined && value !== null && value !== ''),
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App } from 'antd';
import { isProblem } from '@/api/problem';
import { recordQuery, records as api } from '@/api/records';
import type { FieldMeta, FieldValue, ObjectName, RecordItem } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { useProblem } from '@/ui/useProblem';
import { changeCached, refreshLists } from './cache';
import { plainText } from './fields/plain-text';
import { records } from './texts';

interface FieldUpdate {
  record: RecordItem;
  field: FieldMeta;
  value: FieldValue;
  /** Name of the chosen person or record, to show before the server answers. */
  label?: string | undefined;
}

/**
 * Saves one field at once and shows it at once. When somebody else was faster (412) the person chooses between the
 * two values; any other refusal puts the old value back and says why.
 */
export function useFieldUpdate(object: ObjectName) {
  const client = useQueryClient();
  const { modal } = App.useApp();
  const { showProblem } = useProblem();
  const t = records.useText();
  const formats = useFormats();

  const settle = (saved: RecordItem) => {
    changeCached(client, saved.id, () => saved);
    void client.invalidateQueries({
      predicate: ({ queryKey }) => queryKey[0] === 'records' && (queryKey.includes('timeline') || queryKey.includes('history')),
    });
  };

  const askWhoseValue = async (update: FieldUpdate) => {
    const latest = await client.fetchQuery({ ...recordQuery(object, update.record.id), staleTime: 0 });
    settle(latest);
    const words = (value: RecordItem[string], of: RecordItem) => plainText(update.field, value, of._labels, formats);
    const useMine = await modal.confirm({
      title: t('stale.title'),
      content: (
        <>
          <p>{t('stale.theirs', { value: words(latest[update.field.name], latest) })}</p>
          <p>{t('stale.mine', { value: words(update.value, { ...update.record, _labels: { [update.field.name]: update.label ?? '' } }) })}</p>
        </>
      ),
      okText: t('stale.useMine'),
      cancelText: t('stale.keepTheirs'),
    });
    if (useMine) settle(await api.update(object, latest.id, { [update.field.name]: update.value }, latest.version));
  };

  const mutation = useMutation({
    mutationFn: ({ record, field, value }: FieldUpdate) => api.update(object, record.id, { [field.name]: value }, record.version),
    onMutate: ({ record, field, value, label }) =>
      changeCached(client, record.id, (item) => ({
        ...item,
        [field.name]: value,
        _labels: label === undefined ? item._labels : { ...item._labels, [field.name]: label },
      })),
    onSuccess: settle,
    onError: async (error, update, undo) => {
      undo?.();
      if (!isProblem(error, 'stale')) return showProblem(error);
      try {
        await askWhoseValue(update);
      } catch (second) {
        showProblem(second);
      }
    },
    onSettled: (_saved, _error, { field }) => {
      if (field.name === 'stage' || field.name === 'status') void refreshLists(client, object);
    },
  });
  return mutation.mutate;
}

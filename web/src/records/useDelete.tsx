import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { recordKeys, records as api } from '@/api/records';
import type { ObjectName, RecordItem } from '@/api/types';
import { recordTitle } from '@/ui/record-title';
import { common } from '@/ui/texts';
import { useProblem } from '@/ui/useProblem';
import { refreshLists } from './cache';
import { records } from './texts';

const UNDO_SECONDS = 8;

/** Deletes at once and offers to take it back, instead of asking first. `onDeleted` leaves the record's view. */
export function useDelete(object: ObjectName, onDeleted: () => void) {
  const client = useQueryClient();
  const { notification } = App.useApp();
  const { showProblem } = useProblem();
  const t = records.useText();
  const tc = common.useText();

  const restore = async (item: RecordItem, toast: string) => {
    notification.destroy(toast);
    try {
      await api.restore(object, item.id);
      await refreshLists(client, object);
      notification.success({ title: t('detail.restored', { title: recordTitle(object, item) }), placement: 'bottomRight' });
    } catch (error) {
      showProblem(error);
    }
  };
  return useMutation({
    mutationFn: (item: RecordItem) => api.remove(object, item.id),
    onSuccess: async (_done, item) => {
      const toast = `deleted-${item.id}`;
      onDeleted();
      notification.info({
        key: toast,
        title: t('detail.deleted', { title: recordTitle(object, item) }),
        placement: 'bottomRight',
        duration: UNDO_SECONDS,
        actions: <Button size="small" type="primary" onClick={() => void restore(item, toast)}>{tc('undo')}</Button>,
      });
      await refreshLists(client, object, item.id);
      client.removeQueries({ queryKey: recordKeys.one(object, item.id), type: 'inactive' });
    },
    onError: showProblem,
  });
}

import { CloseOutlined, SwapOutlined } from '@ant-design/icons';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Modal } from 'antd';
import { useState } from 'react';
import { records as api } from '@/api/records';
import type { ObjectName } from '@/api/types';
import { common } from '@/ui/texts';
import { PersonPicker } from '@/ui/PersonPicker';
import { useProblem } from '@/ui/useProblem';
import { refreshLists } from '../cache';
import { records } from '../texts';
import { useObjectRights } from '../useObject';
import styles from './list.module.css';

interface BulkBarProps {
  object: ObjectName;
  selected: ReadonlySet<string>;
  onClear: () => void;
}

/** What can be done with the selected rows. */
export function BulkBar({ object, selected, onClear }: BulkBarProps) {
  const t = records.useText();
  const tc = common.useText();
  const may = useObjectRights(object);
  const client = useQueryClient();
  const { message } = App.useApp();
  const { showProblem } = useProblem();
  const [asking, setAsking] = useState(false);
  const [owner, setOwner] = useState<string | null>(null);
  const assign = useMutation({
    mutationFn: (to: string) => api.assign(object, [...selected], to),
    onSuccess: async ({ changed, refused }) => {
      setAsking(false);
      void message.success(t('bulk.assigned', { count: changed }));
      if (refused.length > 0) void message.warning(t('bulk.refused', { count: refused.length }));
      onClear();
      await refreshLists(client, object);
    },
    onError: showProblem,
  });
  return (
    <div className={styles.bulk} role="toolbar" aria-label={t('bulk.selected', { count: selected.size })}>
      <strong>{t('bulk.selected', { count: selected.size })}</strong>
      {may('assign') ? <Button size="small" icon={<SwapOutlined />} onClick={() => setAsking(true)}>{t('bulk.assign')}</Button> : null}
      <Button size="small" type="text" icon={<CloseOutlined />} aria-label={t('bulk.clear')} onClick={onClear} />
      <Modal
        open={asking}
        width={400}
        title={t('bulk.assign.title', { count: selected.size })}
        okText={t('bulk.assign')}
        cancelText={tc('cancel')}
        okButtonProps={{ disabled: owner === null, loading: assign.isPending }}
        onOk={() => owner !== null && assign.mutate(owner)}
        onCancel={() => setAsking(false)}
        destroyOnHidden
      >
        <PersonPicker className={styles.full} autoFocus value={owner} onChange={setOwner} aria-label={t('detail.owner')} />
        <p className={styles.help}>{t('bulk.assign.help')}</p>
      </Modal>
    </div>
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, Button, Input, Modal } from 'antd';
import { useId, useState, type MouseEvent } from 'react';
import { records } from '@/api/records';
import type { Budget, ObjectName, RevealResult } from '@/api/types';
import styles from './MaskedValue.module.css';
import { common } from './texts';
import { problemText } from './useProblem';

const QUICK_REASONS = ['mask.reason.call', 'mask.reason.send', 'mask.reason.contract', 'mask.reason.delivery', 'mask.reason.complaint'] as const;

/** The last known budget; the server states it with every reveal. */
const BUDGET_KEY = ['reveal-budget'];

interface RevealDialogProps {
  object: ObjectName;
  id: string;
  field: string;
  fieldLabel: string;
  onRevealed: (result: RevealResult) => void;
  onClose: () => void;
}

/** Asks why a restricted value is needed and fetches it. The reason goes into the ledger. */
export function RevealDialog({ object, id, field, fieldLabel, onRevealed, onClose }: RevealDialogProps) {
  const t = common.useText();
  const labelId = useId();
  const [reason, setReason] = useState('');
  const client = useQueryClient();
  const budget = client.getQueryData<Budget>(BUDGET_KEY);
  const reveal = useMutation({
    mutationFn: (why: string) => records.reveal(object, id, [field], why),
    gcTime: 0,
    onSuccess: (result) => {
      client.setQueryData<Budget>(BUDGET_KEY, result.budget);
      onRevealed(result);
    },
  });
  const stop = (event: MouseEvent) => event.stopPropagation();
  return (
    <div onClick={stop} onDoubleClick={stop} onKeyDown={(event) => event.stopPropagation()} role="presentation">
      <Modal
        open
        width={420}
        title={`${t('mask.title')} · ${fieldLabel}`}
        okText={t('mask.reveal')}
        cancelText={t('cancel')}
        okButtonProps={{ disabled: reason.trim() === '', loading: reveal.isPending }}
        onOk={() => reveal.mutate(reason.trim())}
        onCancel={onClose}
        destroyOnHidden
      >
        <p id={labelId}>{t('mask.why')}</p>
        <div className={styles.quick}>
          {QUICK_REASONS.map((key) => (
            <Button key={key} size="small" type={reason === t(key) ? 'primary' : 'default'} onClick={() => setReason(t(key))}>
              {t(key)}
            </Button>
          ))}
        </div>
        <Input
          autoFocus
          aria-labelledby={labelId}
          maxLength={200}
          value={reason}
          placeholder={t('mask.reason.placeholder')}
          onChange={(event) => setReason(event.target.value)}
          onPressEnter={() => reason.trim() !== '' && reveal.mutate(reason.trim())}
        />
        {budget === undefined ? null : (
          <p className={styles.budget}>{t('mask.budget', { left: budget.limit - budget.used, limit: budget.limit })}</p>
        )}
        {reveal.error === null ? null : <Alert type="error" showIcon title={problemText(reveal.error)} />}
      </Modal>
    </div>
  );
}

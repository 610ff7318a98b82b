import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button } from 'antd';
import { useState } from 'react';
import { recordQuery, records as api } from '@/api/records';
import type { FieldValues, RecordItem } from '@/api/types';
import { changeCached, refreshLists } from '@/records/cache';
import { RefPicker } from '@/ui/RefPicker';
import { useProblem } from '@/ui/useProblem';
import styles from './inbox.module.css';
import { communications } from './texts';

/** Says whose an unmatched mail is. Choosing a contact is enough: its customer comes with it. */
export function MatchForm({ record }: { record: RecordItem }) {
  const t = communications.useText();
  const client = useQueryClient();
  const { message } = App.useApp();
  const { showProblem } = useProblem();
  const [customer, setCustomer] = useState<{ id: string; name: string } | null>(null);
  const [contact, setContact] = useState<string | null>(null);
  const match = useMutation({
    mutationFn: (fields: FieldValues) => api.update('communication', record.id, { ...fields, status: 'matched' }, record.version),
    onSuccess: async (saved) => {
      changeCached(client, saved.id, () => saved);
      void message.success(t('match.saved'));
      await refreshLists(client, 'communication');
    },
    onError: showProblem,
  });
  const chooseContact = async (id: string | null) => {
    setContact(id);
    if (id === null || customer !== null) return;
    const chosen = await client.fetchQuery(recordQuery('contact', id));
    if (typeof chosen.customer === 'string') setCustomer({ id: chosen.customer, name: chosen._labels.customer ?? '' });
  };
  return (
    <Alert
      type="warning"
      showIcon
      title={t('match.title')}
      description={
        <>
          <p className={styles.matchHelp}>{t('match.help')}</p>
          <div className={styles.match}>
            <RefPicker
              object="customer"
              aria-label={t('match.customer')}
              placeholder={t('match.customer')}
              className={styles.matchPick}
              value={customer?.id}
              label={customer?.name}
              onChange={(id, name) => {
                setCustomer(id === null ? null : { id, name: name ?? '' });
                setContact(null);
              }}
            />
            <RefPicker
              object="contact"
              aria-label={t('match.contact')}
              placeholder={t('match.contact')}
              className={styles.matchPick}
              filter={customer === null ? undefined : { field: 'customer', op: 'eq', value: customer.id }}
              value={contact}
              onChange={(id) => void chooseContact(id)}
            />
            <Button
              type="primary"
              disabled={customer === null}
              loading={match.isPending}
              onClick={() => customer !== null && match.mutate({ customer: customer.id, ...(contact === null ? {} : { contact }) })}
            >
              {t('match.save')}
            </Button>
          </div>
        </>
      }
    />
  );
}

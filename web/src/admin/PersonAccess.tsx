import { App, Button, Divider } from 'antd';
import { useState } from 'react';
import type { Person, PersonStatus } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { ConfirmButton } from '@/ui/ConfirmButton';
import { StatusTag } from '@/ui/StatusTag';
import { useProblem } from '@/ui/useProblem';
import styles from './admin.module.css';
import { useChangePerson, useResetPassword } from './data';
import type { InitialPassword } from './InitialPasswordDialog';
import { LeaveDialog } from './leaving/LeaveDialog';
import { adminTexts } from './texts';

interface PersonAccessProps {
  person: Person;
  onSecret: (secret: InitialPassword) => void;
}

/** Status and password of a person; each change ends their sessions at once. */
export function PersonAccess({ person, onSecret }: PersonAccessProps) {
  const t = adminTexts.useText();
  const { date } = useFormats();
  const { message } = App.useApp();
  const { showProblem } = useProblem();
  const change = useChangePerson();
  const reset = useResetPassword();
  const [leaving, setLeaving] = useState(false);
  const name = person.name;

  const setStatus = (status: PersonStatus) =>
    change.mutateAsync({ person, change: { status } }).then(() => message.success(t('person.statusChanged')), showProblem);
  const resetPassword = () =>
    reset
      .mutateAsync(person.id)
      .then(({ initial_password }) => onSecret({ name, login: person.login, password: initial_password }), showProblem);

  return (
    <section aria-label={t('person.access')}>
      <Divider titlePlacement="start">{t('person.access')}</Divider>
      <p className={styles.quiet}>
        <StatusTag>{t(`status.${person.status}`)}</StatusTag>{' '}
        {t('person.since', { date: date(person.created_at) })}
      </p>
      <div className={styles.actions}>
        <ConfirmButton question={t('person.resetAsk', { name })} explanation={t('person.resetWhy')} onConfirm={resetPassword}>
          {t('person.reset')}
        </ConfirmButton>
        {person.status === 'active' ? (
          <ConfirmButton
            danger
            question={t('person.suspendAsk', { name })}
            explanation={t('person.suspendWhy')}
            onConfirm={() => setStatus('suspended')}
          >
            {t('person.suspend')}
          </ConfirmButton>
        ) : (
          <ConfirmButton question={t('person.reactivate')} onConfirm={() => setStatus('active')}>
            {t('person.reactivate')}
          </ConfirmButton>
        )}
        {person.status !== 'left' && (
          <Button danger onClick={() => setLeaving(true)}>
            {t('person.leave')}
          </Button>
        )}
      </div>
      <LeaveDialog person={person} open={leaving} onClose={() => setLeaving(false)} />
    </section>
  );
}

import { FileTextOutlined, KeyOutlined, MobileOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { App, Button, Card, Input, Modal, Popconfirm } from 'antd';
import { useState } from 'react';
import { isProblem } from '@/api/problem';
import type { Factor } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { DataState } from '@/ui/DataState';
import { useProblem } from '@/ui/useProblem';
import { factorsQuery, useAddPasskey, useNewRecoveryCodes, useRemoveFactor, useRenameFactor } from './data';
import { EnrolTotp } from './EnrolTotp';
import { gaveUp, passkeysPossible } from './passkey';
import { RecoveryCodeList } from './RecoveryCodeList';
import styles from './security.module.css';
import { securityTexts } from './texts';

/** One's own factors: what there is, and everything that can be done with it. */
export function FactorsCard() {
  const t = securityTexts.useText();
  const factors = useQuery(factorsQuery);
  const [adding, setAdding] = useState(false);
  const [codes, setCodes] = useState<string[]>();
  return (
    <Card title={t('factors')}>
      <p className={styles.lead}>{t('factorsHelp')}</p>
      <DataState
        query={factors}
        isEmpty={factors.data?.length === 0}
        empty={{ icon: <MobileOutlined />, title: t('none'), help: t('noneHelp') }}
      >
        <ul className={styles.list}>
          {factors.data?.map((factor) => <FactorItem key={factor.id} factor={factor} onCodes={setCodes} />)}
        </ul>
      </DataState>
      <div className={styles.actions}>
        <Button icon={<MobileOutlined />} onClick={() => setAdding(true)}>{t('addTotp')}</Button>
        {passkeysPossible() ? <AddPasskey onCodes={setCodes} /> : null}
      </div>
      <Modal open={adding} title={t('addTotp')} footer={null} onCancel={() => setAdding(false)} destroyOnHidden>
        <EnrolTotp onDone={() => setAdding(false)} />
      </Modal>
      <Modal open={codes !== undefined} title={t('codesTitle')} footer={null} closable={false} destroyOnHidden>
        {codes ? <RecoveryCodeList codes={codes} onKept={() => setCodes(undefined)} /> : null}
      </Modal>
    </Card>
  );
}

/** The browser itself asks for the fingerprint; the name can be changed afterwards. */
function AddPasskey({ onCodes }: { onCodes: (codes: string[]) => void }) {
  const t = securityTexts.useText();
  const { message } = App.useApp();
  const { showProblem } = useProblem();
  const add = useAddPasskey();
  const start = () =>
    add.mutate(t('passkeyName'), {
      onSuccess: ({ recovery_codes: codes }) => (codes ? onCodes(codes) : void message.success(t('passkeyAdded'))),
      onError: (error) => {
        if (isProblem(error)) showProblem(error);
        else if (!gaveUp(error)) void message.error(t('passkeyFailed'));
      },
    });
  return <Button icon={<KeyOutlined />} loading={add.isPending} onClick={start} title={t('passkeyHelp')}>{t('addPasskey')}</Button>;
}

const ICONS = { totp: MobileOutlined, passkey: KeyOutlined, recovery_codes: FileTextOutlined };

function FactorItem({ factor, onCodes }: { factor: Factor; onCodes: (codes: string[]) => void }) {
  const t = securityTexts.useText();
  const { dateTime } = useFormats();
  const { message } = App.useApp();
  const { showProblem } = useProblem();
  const renew = useNewRecoveryCodes();
  const remove = useRemoveFactor();
  const paper = factor.kind === 'recovery_codes';
  const Icon = ICONS[factor.kind];
  const facts = [
    ...(paper ? [t('codesLeft', { count: factor.codes_left ?? 0 })] : []),
    t('added', { time: dateTime(factor.created_at) }),
    factor.last_used_at ? t('used', { time: dateTime(factor.last_used_at) }) : t('neverUsed'),
  ];
  return (
    <li className={styles.item}>
      <Icon aria-hidden="true" />
      <span className={styles.words}>
        <strong>{factor.name || t(`kind.${factor.kind}`)}</strong>
        <small>{[...(factor.name ? [t(`kind.${factor.kind}`)] : []), ...facts].join(' · ')}</small>
      </span>
      {paper ? (
        <Popconfirm
          title={t('newCodesAsk')}
          okText={t('newCodes')}
          onConfirm={() =>
            renew.mutate(undefined, { onSuccess: (made) => onCodes(made.recovery_codes ?? []), onError: showProblem })
          }
        >
          <Button size="small" loading={renew.isPending}>{t('newCodes')}</Button>
        </Popconfirm>
      ) : (
        <span className={styles.actions}>
          <RenameButton factor={factor} />
          <Popconfirm
            title={t('removeAsk', { name: factor.name })}
            okText={t('remove')}
            onConfirm={() =>
              remove.mutate(factor.id, { onSuccess: () => void message.success(t('removed')), onError: showProblem })
            }
          >
            <Button size="small" danger loading={remove.isPending}>{t('remove')}</Button>
          </Popconfirm>
        </span>
      )}
    </li>
  );
}

function RenameButton({ factor }: { factor: Factor }) {
  const t = securityTexts.useText();
  const rename = useRenameFactor();
  const { showProblem } = useProblem();
  const [name, setName] = useState<string>();
  const save = () =>
    rename.mutate({ id: factor.id, name: name ?? '' }, { onSuccess: () => setName(undefined), onError: showProblem });
  return (
    <>
      <Button size="small" onClick={() => setName(factor.name)}>{t('rename')}</Button>
      <Modal open={name !== undefined} title={t('rename')} okText={t('save')} onOk={save} confirmLoading={rename.isPending} onCancel={() => setName(undefined)} destroyOnHidden>
        <Input aria-label={t('factorName')} value={name ?? ''} maxLength={60} onChange={(event) => setName(event.target.value)} onPressEnter={save} />
      </Modal>
    </>
  );
}

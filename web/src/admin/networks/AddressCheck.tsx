import { useQuery } from '@tanstack/react-query';
import { Card, Form, Input, Select } from 'antd';
import { useState } from 'react';
import type { Zone } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { StatusTag, type Tone } from '@/ui/StatusTag';
import { useDebounced } from '@/ui/useDebounced';
import { rolesQuery } from '../data';
import { placeQuery } from './data';
import styles from './networks.module.css';
import { networkTexts } from './texts';

/** What the rules say of an address, before somebody stands before a closed door. */
export function AddressCheck({ zones }: { zones: Zone[] }) {
  const t = networkTexts.useText();
  const { label } = useFormats();
  const [typed, setTyped] = useState('');
  const [role, setRole] = useState<string>();
  const ip = useDebounced(typed.trim());
  const roles = useQuery(rolesQuery).data ?? [];
  const { data: place, error } = useQuery(placeQuery(ip, role));
  const verdict = `verdict.${place?.verdict}`;
  const tone: Tone = place?.verdict === 'allowed' ? 'good' : place?.verdict === 'challenged' ? 'warn' : 'bad';
  return (
    <Card size="small" title={t('check')}>
      <Form layout="vertical">
        <Form.Item label={t('checkIp')} htmlFor="check-ip">
          <Input id="check-ip" value={typed} onChange={(event) => setTyped(event.target.value)} placeholder="203.0.113.9" />
        </Form.Item>
        <Form.Item label={t('checkRole')} htmlFor="check-role">
          <Select<string>
            id="check-role"
            allowClear
            value={role ?? null}
            onChange={(value) => setRole(value)}
            options={roles.map(({ key, name }) => ({ value: key, label: label(name) }))}
          />
        </Form.Item>
      </Form>
      {ip === '' ? null : error ? (
        <p className={styles.quiet}>{t('checkBad')}</p>
      ) : place && networkTexts.has(verdict) ? (
        <p className={styles.verdict} role="status">
          <StatusTag tone={tone}>{t(verdict)}</StatusTag>{' '}
          {zones.find((zone) => zone.key === place.zone)?.name ?? t('outside')}
          {place.country ? ` · ${place.country}` : ''}
        </p>
      ) : null}
    </Card>
  );
}

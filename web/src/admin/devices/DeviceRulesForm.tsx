import { useQuery } from '@tanstack/react-query';
import { App, Button, Card, Form, Select } from 'antd';
import type { DeviceRules } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { common } from '@/ui/texts';
import { rolesQuery } from '../data';
import styles from '../networks/networks.module.css';
import { useConfirmedSave } from '../useConfirmedSave';
import { useSaveDeviceRules } from './data';
import { adminDeviceTexts } from './texts';

const DEMANDS = ['any', 'known', 'approved', 'company'] as const;

/** Which devices are asked for, of everybody and by role. */
export function DeviceRulesForm({ rules, mayChange }: { rules: DeviceRules; mayChange: boolean }) {
  const t = adminDeviceTexts.useText();
  const c = common.useText();
  const { label } = useFormats();
  const { message } = App.useApp();
  const roles = useQuery(rolesQuery).data ?? [];
  const saveRules = useSaveDeviceRules();
  const save = useConfirmedSave({ title: t('lockTitle'), help: t('lockHelp'), ok: t('lockOk') });
  const demands = DEMANDS.map((value) => ({ value, label: t(`demand.${value}`) }));
  const submit = (values: DeviceRules) => {
    const bound = Object.fromEntries(Object.entries(values.roles ?? {}).filter(([, demand]) => demand));
    return save(
      (confirm) => saveRules.mutateAsync({ everyone: values.everyone ?? 'any', roles: bound, confirm }),
      () => void message.success(t('saved')),
    );
  };
  return (
    <Card size="small" title={t('rules')}>
      <p className={styles.quiet}>{t('rulesHelp')}</p>
      <Form<DeviceRules> layout="vertical" disabled={!mayChange} initialValues={rules} onFinish={submit}>
        <Form.Item name="everyone" label={t('everyone')}>
          <Select options={demands} />
        </Form.Item>
        {roles
          .filter((role) => role.key !== 'break_glass')
          .map((role) => (
            <Form.Item key={role.key} name={['roles', role.key]} label={label(role.name)}>
              <Select allowClear placeholder={t('likeEveryone')} options={demands.slice(1)} />
            </Form.Item>
          ))}
        {mayChange ? (
          <Button type="primary" htmlType="submit" loading={saveRules.isPending}>
            {c('save')}
          </Button>
        ) : null}
      </Form>
    </Card>
  );
}

import { useQuery } from '@tanstack/react-query';
import { App, Button, Card, Form, Radio, Select } from 'antd';
import type { Networks } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { common } from '@/ui/texts';
import { rolesQuery } from '../data';
import { useConfirmedSave } from '../useConfirmedSave';
import { useSaveNetworkRules } from './data';
import styles from './networks.module.css';
import { networkTexts } from './texts';

interface RulesValues {
  unknown: NonNullable<Networks['unknown']>;
  countries: string[];
  roles: Record<string, string[]>;
}

/** Which roles may work from where, and what happens outside of every zone. */
export function NetworkRulesForm({ networks, mayChange }: { networks: Networks; mayChange: boolean }) {
  const t = networkTexts.useText();
  const c = common.useText();
  const { label } = useFormats();
  const { message } = App.useApp();
  const roles = useQuery(rolesQuery).data ?? [];
  const saveRules = useSaveNetworkRules();
  const save = useConfirmedSave({ title: t('lockTitle'), help: t('lockHelp'), ok: t('lockOk') });
  const zones = [...(networks.zones ?? []).map(({ key, name }) => ({ value: key, label: name })), { value: 'local', label: t('local') }];
  const submit = ({ unknown, countries, roles: bound }: RulesValues) =>
    save((confirm) => saveRules.mutateAsync({ unknown, countries, roles: bound, confirm }), () => void message.success(t('saved')));
  return (
    <Card size="small" title={t('rules')}>
      <Form<RulesValues>
        layout="vertical"
        disabled={!mayChange}
        initialValues={{ unknown: networks.unknown ?? 'allow', countries: networks.countries ?? [], roles: networks.roles ?? {} }}
        onFinish={submit}
      >
        <Form.Item name="unknown" label={t('unknown')}>
          <Radio.Group
            options={(['allow', 'challenge', 'refuse'] as const).map((value) => ({ value, label: t(`unknown.${value}`) }))}
          />
        </Form.Item>
        <h3>{t('roles')}</h3>
        <p className={styles.quiet}>{t('rolesHelp')}</p>
        {roles.map((role) => (
          <Form.Item key={role.key} name={['roles', role.key]} label={label(role.name)}>
            <Select mode="multiple" allowClear placeholder={t('everywhere')} options={zones} />
          </Form.Item>
        ))}
        <Form.Item
          name="countries"
          label={t('countries')}
          extra={t(networks.countries_known ? 'countriesHelp' : 'countriesMissing')}
        >
          <Select mode="tags" disabled={!mayChange || !networks.countries_known} tokenSeparators={[',', ' ', '，']} open={false} suffixIcon={null} />
        </Form.Item>
        {mayChange ? (
          <Button type="primary" htmlType="submit" loading={saveRules.isPending}>
            {c('save')}
          </Button>
        ) : null}
      </Form>
    </Card>
  );
}

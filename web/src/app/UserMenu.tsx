import { LogoutOutlined, SafetyOutlined, UserOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Avatar, Dropdown, type MenuProps } from 'antd';
import { api } from '@/api/client';
import { useFormats } from '@/i18n/format';
import { setAppearance, useAppearance, type Appearance } from './appearance';
import { useMe } from './session';
import styles from './Shell.module.css';
import { app } from './texts';

const APPEARANCES: Appearance[] = ['system', 'light', 'dark'];

export function UserMenu() {
  const t = app.useText();
  const me = useMe();
  const { label } = useFormats();
  const appearance = useAppearance();
  const client = useQueryClient();
  const navigate = useNavigate();
  const signOut = async () => {
    await api.delete('/session').catch(() => undefined);
    await navigate({ to: '/sign-in' });
    client.clear();
  };
  const items: MenuProps['items'] = [
    {
      key: 'who',
      disabled: true,
      label: (
        <div className={styles.who}>
          <strong>{me.name}</strong>
          <span>{me.login} · {me.roles.map((role) => label(me.role_names[role] ?? { zh: role, en: role })).join(' · ')}</span>
          <span>{me.departments.map((department) => department.name).join(' · ')}</span>
        </div>
      ),
    },
    { type: 'divider', key: 'line' },
    { key: 'account', icon: <UserOutlined />, label: t('user.account'), onClick: () => void navigate({ to: '/account' }) },
    { key: 'security', icon: <SafetyOutlined />, label: t('user.security'), onClick: () => void navigate({ to: '/account/security' }) },
    {
      key: 'appearance',
      type: 'group',
      label: t('user.appearance'),
      children: APPEARANCES.map((choice) => ({
        key: choice,
        label: `${appearance === choice ? '✓ ' : ''}${t(`user.appearance.${choice}`)}`,
        onClick: () => setAppearance(choice),
      })),
    },
    { type: 'divider', key: 'line2' },
    { key: 'out', icon: <LogoutOutlined />, label: t('user.signOut'), onClick: () => void signOut() },
  ];
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <button type="button" className={styles.user} title={t('user.menu', { name: me.name })}>
        <Avatar size={24} className={styles.avatar} aria-hidden="true">{me.name.slice(-1)}</Avatar>
        <span className={styles.userName}>{me.name}</span>
      </button>
    </Dropdown>
  );
}

import { LogoutOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Button, Card, Descriptions } from 'antd';
import { useMe } from '@/app/session';
import { useFormats } from '@/i18n/format';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { StatusTag } from '@/ui/StatusTag';
import styles from './AccountPage.module.css';
import { useSignOut } from './data';
import { FirstPassword } from './FirstPassword';
import { PasswordForm } from './PasswordForm';
import { ProfileForm } from './ProfileForm';
import { sessionTexts } from './texts';

/** A person's own account: name, language, password, leaving. */
export default function AccountPage() {
  const t = sessionTexts.useText();
  const formats = useFormats();
  const me = useMe();
  const navigate = useNavigate();
  const signOut = useSignOut();

  if (me.must_change_password) {
    return (
      <div className={styles.first}>
        <FirstPassword me={me} onDone={() => void navigate({ to: '/' })} />
      </div>
    );
  }
  return (
    <Page width="narrow">
      <PageHeader title={t('account')} extra={me.login} />
      <Card title={t('profile')}>
        <ProfileForm me={me} />
        <Descriptions
          column={1}
          size="small"
          items={[
            { key: 'company', label: t('company'), children: me.workspace.company },
            {
              key: 'departments',
              label: t('departments'),
              children: me.departments.map(({ name }) => name).join(' · ') || t('none'),
            },
            {
              key: 'roles',
              label: t('roles'),
              children: me.roles.map((role) => <StatusTag key={role}>{formats.label(me.role_names[role] ?? { zh: role, en: role })}</StatusTag>),
            },
          ]}
        />
      </Card>
      <Card title={t('changePassword')}>
        <p className={styles.lead}>{t('changePasswordLead')}</p>
        <PasswordForm me={me} />
      </Card>
      <Card title={t('signOut')}>
        <p className={styles.lead}>{t('signOutLead')}</p>
        <Button
          danger
          icon={<LogoutOutlined />}
          loading={signOut.isPending}
          onClick={() => signOut.mutate()}
        >
          {t('signOut')}
        </Button>
      </Card>
    </Page>
  );
}

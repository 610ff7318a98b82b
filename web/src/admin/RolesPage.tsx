import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Role } from '@/api/types';
import { useCan } from '@/app/session';
import { DataState } from '@/ui/DataState';
import { ForbiddenPage } from '@/ui/ForbiddenPage';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import styles from './admin.module.css';
import { CopyRoleDialog } from './CopyRoleDialog';
import { rolesQuery } from './data';
import { RoleCard } from './RoleCard';
import { adminTexts } from './texts';

/** What each role may do, in sentences. */
export default function RolesPage() {
  const t = adminTexts.useText();
  const can = useCan();
  if (!can('roles.administer') && !can('rules.read') && !can('people.administer')) return <ForbiddenPage title={t('roles.title')} />;
  return <Roles mayCopy={can('roles.administer')} />;
}

function Roles({ mayCopy }: { mayCopy: boolean }) {
  const t = adminTexts.useText();
  const query = useQuery(rolesQuery);
  const [copying, setCopying] = useState<Role>();
  const roles = query.data ?? [];
  const groups = [
    { key: 'business', title: t('roles.business'), roles: roles.filter((role) => !role.administration) },
    { key: 'offices', title: t('roles.offices'), roles: roles.filter((role) => role.administration) },
  ];
  return (
    <Page>
      <PageHeader title={t('roles.title')} help={t('roles.help')} />
      <DataState query={query} isEmpty={roles.length === 0} empty={{ title: t('roles.empty') }}>
        {groups.map((group) => (
          <section key={group.key} aria-labelledby={`roles-${group.key}`}>
            <h2 id={`roles-${group.key}`} className={styles.subtitle}>
              {group.title}
            </h2>
            <div className={styles.cards}>
              {group.roles.map((role) => (
                <RoleCard key={role.key} role={role} onCopy={mayCopy && !role.administration ? () => setCopying(role) : undefined} />
              ))}
            </div>
          </section>
        ))}
      </DataState>
      <CopyRoleDialog original={copying} taken={roles.map((role) => role.key)} onClose={() => setCopying(undefined)} />
    </Page>
  );
}

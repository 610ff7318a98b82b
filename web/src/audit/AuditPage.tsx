import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCan } from '@/app/session';
import { ForbiddenPage } from '@/ui/ForbiddenPage';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import type { AuditSearch } from './audit-search';
import { AuditFilters } from './AuditFilters';
import { Entries } from './Entries';
import { Overview } from './Overview';
import { auditTexts } from './texts';
import { TreeCard } from './TreeCard';

/** Who read, changed and revealed what; and the proof that this list is true. */
export default function AuditPage() {
  const t = auditTexts.useText();
  const can = useCan();
  return can('audit.read') ? <Audit mayVerify={can('audit.verify')} /> : <ForbiddenPage title={t('title')} />;
}

function Audit({ mayVerify }: { mayVerify: boolean }) {
  const t = auditTexts.useText();
  const search = useSearch({ from: '/shell/audit' });
  const navigate = useNavigate();
  const show = (part: AuditSearch) =>
    void navigate({ to: '/audit', search: (before: AuditSearch) => ({ ...before, ...part }) });
  const clear = () => void navigate({ to: '/audit', search: {} });
  return (
    <Page>
      <PageHeader title={t('title')} help={t('help')} />
      <TreeCard mayVerify={mayVerify} />
      <Overview search={search} onShow={show} />
      <AuditFilters search={search} onShow={show} onClear={clear} />
      <Entries search={search} onShow={show} onClear={clear} />
    </Page>
  );
}

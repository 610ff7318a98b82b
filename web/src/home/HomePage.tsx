import { useState } from 'react';
import { useCan, useMe } from '@/app/session';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { AdministrationCard } from './AdministrationCard';
import { FollowUpsCard } from './FollowUpsCard';
import styles from './home.module.css';
import { MyTasksCard } from './MyTasksCard';
import { PipelineCard } from './PipelineCard';
import { PostureCard } from './PostureCard';
import { RecentCard } from './RecentCard';
import { home } from './texts';

/** Where the day starts: what is due, whom to contact, how the pipeline stands. */
export default function HomePage() {
  const t = home.useText();
  const me = useMe();
  const can = useCan();
  const [hour] = useState(() => new Date().getHours());
  const greeting = hour < 12 ? 'hello.morning' : hour < 18 ? 'hello.afternoon' : 'hello.evening';
  return (
    <Page>
      <PageHeader title={t(greeting, { name: me.name })} extra={me.workspace.company} />
      <div className={styles.cards}>
        {can('list.task') ? <MyTasksCard /> : null}
        {can('list.customer') ? <FollowUpsCard /> : null}
        {can('list.deal') ? <PipelineCard /> : null}
        {can('list.communication') ? <RecentCard /> : null}
        {can('list.customer') ? null : <AdministrationCard />}
        {can('rules.read') || can('settings.administer') ? <PostureCard /> : null}
      </div>
    </Page>
  );
}

import { PrinterOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { App, Button } from 'antd';
import { useCan } from '@/app/session';
import { useFormats } from '@/i18n/format';
import { ConfirmButton } from '@/ui/ConfirmButton';
import { DataState } from '@/ui/DataState';
import { ForbiddenPage } from '@/ui/ForbiddenPage';
import { Page } from '@/ui/Page';
import { PageHeader } from '@/ui/PageHeader';
import { useProblem } from '@/ui/useProblem';
import { ActivityTables } from './ActivityTables';
import { CountedList } from './CountedList';
import { reportQuery, useCancelLeaving, useUndoLeaving, type LeavingReport } from './data';
import { HandOverPart } from './HandOverPart';
import styles from './leaving.module.css';
import { leavingTexts } from './texts';
import { useCounted } from './words';

/** The report about one leaver; made to be printed and kept. */
export default function LeavingPage() {
  const t = leavingTexts.useText();
  const can = useCan();
  if (!can('people.administer') && !can('audit.read')) return <ForbiddenPage title={t('list.title')} />;
  return <Report mayAct={can('people.administer')} />;
}

function Report({ mayAct }: { mayAct: boolean }) {
  const { id } = useParams({ from: '/shell/admin/leavers/$id' });
  const query = useQuery(reportQuery(id));
  return (
    <Page>
      <DataState query={query}>{query.data && <Body report={query.data} mayAct={mayAct} />}</DataState>
    </Page>
  );
}

function Body({ report, mayAct }: { report: LeavingReport; mayAct: boolean }) {
  const t = leavingTexts.useText();
  const words = useCounted();
  const { dateTime, label } = useFormats();
  const { leaving, hand_over: handOver, remaining, activity } = report;
  const by = leaving.ordered_by
    ? t('report.by', { name: leaving.ordered_by.name, date: dateTime(leaving.at) })
    : t('report.bySystem', { date: dateTime(leaving.at) });
  return (
    <>
      <PageHeader
        title={t('report.title', { name: leaving.person.name })}
        help={`${t(`state.${leaving.state}`)} · ${by}`}
        actions={<Actions report={report} mayAct={mayAct} />}
      />
      <h2 className={styles.heading}>{t('report.ended')}</h2>
      <CountedList items={leaving.ended.map(({ kind, count }) => words.ended(kind, count))} nothing={t('endsNothing')} />
      <h2 className={styles.heading}>{t('report.progress')}</h2>
      <HandOverPart handOver={handOver} />
      <h2 className={styles.heading}>{t('report.remaining')}</h2>
      <CountedList
        items={remaining.filter(({ count }) => count > 0).map(({ object, count }) => words.owned(object, count))}
        nothing={t('report.remainingNothing')}
      />
      <h2 className={styles.heading}>{t('report.had')}</h2>
      <p>
        {t('report.roles')}: {leaving.roles.join(' · ') || '—'}; {t('report.departments')}:{' '}
        {leaving.departments.map(({ name }) => name).join(' · ') || '—'}
      </p>
      <CountedList items={leaving.access.map(label)} nothing="—" />
      <h2 className={styles.heading}>{t('report.activity')}</h2>
      {activity ? <ActivityTables activity={activity} /> : <p className={styles.quiet}>{t('report.activityHidden')}</p>}
    </>
  );
}

function Actions({ report: { leaving }, mayAct }: { report: LeavingReport; mayAct: boolean }) {
  const t = leavingTexts.useText();
  const { date } = useFormats();
  const { message } = App.useApp();
  const { showProblem } = useProblem();
  const undo = useUndoLeaving();
  const cancel = useCancelLeaving();
  return (
    <span className={styles.noPrint}>
      {mayAct && leaving.state === 'left' && (
        <ConfirmButton
          question={t('report.undoAsk', { name: leaving.person.name })}
          explanation={t('report.undoWhy', { date: date(leaving.undo_until) })}
          onConfirm={() => undo.mutateAsync(leaving.id).then(() => message.success(t('report.undone')), showProblem)}
        >
          {t('report.undo')}
        </ConfirmButton>
      )}
      {mayAct && leaving.state === 'planned' && (
        <ConfirmButton
          question={t('report.cancel')}
          onConfirm={() => cancel.mutateAsync(leaving.id).then(() => message.success(t('report.cancelled')), showProblem)}
        >
          {t('report.cancel')}
        </ConfirmButton>
      )}{' '}
      <Button icon={<PrinterOutlined />} onClick={() => window.print()}>
        {t('report.print')}
      </Button>
    </span>
  );
}

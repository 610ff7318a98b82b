import { DownOutlined, RightOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Button, theme } from 'antd';
import { useCallback, useMemo, useState } from 'react';
import type { LedgerSummary } from '@/api/types';
import { usePhone } from '@/app/usePhone';
import { useFormats } from '@/i18n/format';
import { Chart } from '@/ui/Chart';
import { DataState } from '@/ui/DataState';
import styles from './audit.module.css';
import type { AuditSearch } from './audit-search';
import { hoursOption, rankingOption } from './chart-options';
import { summaryQuery } from './data';
import { auditTexts } from './texts';
import { actionText, actorText } from './words';

interface OverviewProps {
  search: AuditSearch;
  onShow: (part: AuditSearch) => void;
}

/** The period in pictures; on a phone folded away at first. */
export function Overview({ search, onShow }: OverviewProps) {
  const t = auditTexts.useText();
  const phone = usePhone();
  const [open, setOpen] = useState(!phone);
  const summary = useQuery({ ...summaryQuery(search), enabled: open });
  return (
    <section aria-labelledby="audit-overview">
      <h2 id="audit-overview" className={styles.subtitle}>
        <Button
          type="text"
          size="small"
          icon={open ? <DownOutlined /> : <RightOutlined />}
          aria-expanded={open}
          aria-label={t(open ? 'charts.hide' : 'charts.show')}
          onClick={() => setOpen(!open)}
        />
        {t('charts.title')}
      </h2>
      {open && <DataState query={summary}>{summary.data && <Charts summary={summary.data} onShow={onShow} />}</DataState>}
    </section>
  );
}

function Charts({ summary, onShow }: { summary: LedgerSummary; onShow: OverviewProps['onShow'] }) {
  const t = auditTexts.useText();
  const { number, dateTime, language } = useFormats();
  const ink = theme.useToken().token.colorTextSecondary;
  const hours = useMemo(() => hoursOption(summary, dateTime), [summary, dateTime]);
  const actions = useMemo(
    () => rankingOption(summary.by_action.map(({ action, count }) => ({ name: actionText(action), count })), ink),
    // The words change with the language.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [summary, language, ink],
  );
  const people = useMemo(
    () => rankingOption(summary.by_person.map(({ person, count }) => ({ name: actorText({ person, principal_kind: 'system' }), count })), ink),
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [summary, language, ink],
  );
  const pickAction = useCallback(
    (name: string) => onShow({ action: summary.by_action.find(({ action }) => actionText(action) === name)?.action }),
    [summary, onShow],
  );
  const pickPerson = useCallback(
    (name: string) => onShow({ person: summary.by_person.find(({ person }) => person?.name === name)?.person?.id }),
    [summary, onShow],
  );
  return (
    <div className={styles.charts}>
      <figure className={styles.chart}>
        <figcaption>{t('charts.byHour')}</figcaption>
        <Chart label={t('charts.byHour')} option={hours} height={180} />
      </figure>
      <figure className={styles.chart}>
        <figcaption>{t('charts.byAction')}</figcaption>
        <Chart label={t('charts.byAction')} option={actions} height={180} onPick={pickAction} />
      </figure>
      <figure className={styles.chart}>
        <figcaption>{t('charts.byPerson')}</figcaption>
        <Chart label={t('charts.byPerson')} option={people} height={180} onPick={pickPerson} />
      </figure>
      <div className={styles.chart}>
        <div>{t('charts.reveals')}</div>
        <p className={styles.reveals}>
          <strong>{number(summary.reveals)}</strong> {t('charts.revealsHelp')}
        </p>
        <Button size="small" onClick={() => onShow({ action: 'reveal' })}>
          {t('charts.showReveals')}
        </Button>
      </div>
    </div>
  );
}

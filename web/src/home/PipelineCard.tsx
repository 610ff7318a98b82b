import { FunnelPlotOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { aggregateQuery } from '@/api/records';
import type { Aggregate, Condition, SelectOption } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { findField, useObject } from '@/records/useObject';
import { Chart } from '@/ui/Chart';
import { DataState } from '@/ui/DataState';
import { HomeCard } from './HomeCard';
import styles from './home.module.css';
import { home } from './texts';

const MY_OPEN_DEALS: Condition = {
  all: [
    { field: 'owner', op: 'eq', value: { me: true } },
    { not: { field: 'stage', op: 'in', value: ['won', 'lost'] } },
  ],
};

/** What my open deals are worth, stage by stage. */
export function PipelineCard() {
  const t = home.useText();
  const { money, moneyShort, number, label } = useFormats();
  const object = useObject('deal');
  const amount = object !== undefined && findField(object, 'amount') !== undefined ? 'amount' : undefined;
  const query = useQuery({ ...aggregateQuery('deal', { group: 'stage', sum: amount, filter: MY_OPEN_DEALS }), enabled: object !== undefined });
  const numbers = query.data;
  const options = object === undefined ? undefined : findField(object, 'stage')?.options;
  const stages = useMemo(() => byStage(numbers, options ?? []), [numbers, options]);
  const total = stages.reduce((sum, stage) => sum + stage.amount, 0);
  const option = useMemo(
    () => ({
      grid: { left: 4, right: 64, top: 8, bottom: 4, containLabel: true },
      xAxis: { type: 'value' as const, show: false },
      yAxis: { type: 'category' as const, inverse: true, data: stages.map((stage) => label(stage.option.label)) },
      tooltip: { trigger: 'item' as const },
      series: [
        {
          type: 'bar' as const,
          barMaxWidth: 22,
          itemStyle: { borderRadius: 4 },
          data: stages.map((stage) => stage.amount),
          label: { show: true, position: 'right' as const, formatter: ({ value }: { value?: unknown }) => moneyShort(Number(value)) },
          tooltip: { valueFormatter: (value: unknown) => money(Number(value)) },
        },
      ],
    }),
    [stages, label, money, moneyShort],
  );
  const words = stages.map((stage) => `${label(stage.option.label)} ${moneyShort(stage.amount)}`).join(', ');
  return (
    <HomeCard title={t('pipeline')} extra={<Link to="/deals" search={{ mode: 'board', view: 'mine' }}>{t('pipeline.board')}</Link>}>
      <DataState query={query} isEmpty={numbers?.counted === 0} empty={{ icon: <FunnelPlotOutlined />, title: t('pipeline.empty') }}>
        <p className={styles.quiet}>{t('pipeline.sum', { count: `${number(numbers?.counted ?? 0)}${numbers?.capped === true ? '+' : ''}`, amount: money(total) })}</p>
        <Chart label={t('pipeline.chart', { text: words })} option={option} height={200} />
      </DataState>
    </HomeCard>
  );
}

function byStage(numbers: Aggregate | undefined, options: readonly SelectOption[]): { option: SelectOption; amount: number }[] {
  return options
    .filter((option) => option.value !== 'won' && option.value !== 'lost')
    .map((option) => ({ option, amount: numbers?.groups.find((group) => group.value === option.value)?.sum ?? 0 }));
}

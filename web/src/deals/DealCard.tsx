import { EllipsisOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { memo } from 'react';
import type { FieldMeta, RecordItem } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { recordTitle } from '@/ui/record-title';
import styles from './board.module.css';
import { deals } from './texts';

interface DealCardProps {
  deal: RecordItem;
  stage: FieldMeta;
  open: boolean;
  onOpen: () => void;
  onDrag: ((deal: RecordItem | null) => void) | undefined;
  onMove: (deal: RecordItem, stage: string) => void;
}

export const DealCard = memo(function DealCard({ deal, stage, open, onOpen, onDrag, onMove }: DealCardProps) {
  const t = deals.useText();
  const { label, money, date } = useFormats();
  const movable = onDrag !== undefined && deal._can.update;
  const others = (stage.options ?? []).filter((option) => option.value !== deal.stage);
  return (
    <article
      className={styles.card}
      data-open={open}
      draggable={movable}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('text/plain', deal.id);
        onDrag?.(deal);
      }}
      onDragEnd={() => onDrag?.(null)}
    >
      <div className={styles.cardHead}>
        <button type="button" className={styles.title} onClick={onOpen}>{recordTitle('deal', deal)}</button>
        {movable ? (
          <Dropdown
            trigger={['click']}
            menu={{ items: others.map((option) => ({ key: option.value, label: label(option.label), onClick: () => onMove(deal, option.value) })) }}
          >
            <Button type="text" size="small" icon={<EllipsisOutlined />} aria-label={t('board.move')} title={t('board.move')} />
          </Dropdown>
        ) : null}
      </div>
      <div className={styles.quiet}>{deal._labels.customer}</div>
      <div className={styles.cardFoot}>
        <strong>{typeof deal.amount === 'number' ? money(deal.amount) : ''}</strong>
        <span className={styles.quiet}>{typeof deal.expected_close === 'string' ? t('board.closes', { when: date(deal.expected_close) }) : ''}</span>
      </div>
      <div className={styles.quiet}>{deal._labels.owner}</div>
    </article>
  );
});

import { EyeInvisibleOutlined, EyeOutlined } from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import { useEffect, useState } from 'react';
import type { Budget, ObjectName } from '@/api/types';
import styles from './MaskedValue.module.css';
import { RevealDialog } from './RevealDialog';
import { common } from './texts';

/** A clear value goes back behind its mask after this long. */
const SHOWN_SECONDS = 30;

interface MaskedValueProps {
  object: ObjectName;
  id: string;
  field: string;
  /** What the field is called, for the button and the dialog. */
  fieldLabel: string;
  mask: string;
  canReveal: boolean;
}

/** A restricted value: its mask, and an eye that asks for a reason and shows it for a short while. */
export function MaskedValue({ object, id, field, fieldLabel, mask, canReveal }: MaskedValueProps) {
  const t = common.useText();
  const [asking, setAsking] = useState(false);
  const [clear, setClear] = useState<{ value: string; budget: Budget } | null>(null);
  const [seconds, setSeconds] = useState(SHOWN_SECONDS);

  useEffect(() => {
    if (clear === null) return undefined;
    const until = Date.now() + SHOWN_SECONDS * 1000;
    const timer = setInterval(() => {
      const left = Math.ceil((until - Date.now()) / 1000);
      setSeconds(left);
      if (left <= 0) setClear(null);
    }, 1000);
    return () => clearInterval(timer);
  }, [clear]);

  if (clear !== null) {
    return (
      <span className={styles.clear} data-clear>
        <span className={styles.value} title={clear.value}>{clear.value}</span>
        <Tooltip title={`${t('mask.hidesIn', { seconds })} · ${t('mask.budget', { left: clear.budget.limit - clear.budget.used, limit: clear.budget.limit })}`}>
          <Button type="text" size="small" icon={<EyeInvisibleOutlined />} aria-label={t('mask.hide')} onClick={() => setClear(null)} />
        </Tooltip>
        <span className={styles.countdown}>{seconds}s</span>
      </span>
    );
  }
  return (
    <span className={styles.masked} data-mask>
      <span className={styles.value}>{mask}</span>
      {canReveal && mask !== '' ? (
        <button
          type="button"
          className={styles.eye}
          aria-label={t('mask.show', { field: fieldLabel })}
          title={t('mask.show', { field: fieldLabel })}
          onClick={(event) => {
            event.stopPropagation();
            setAsking(true);
          }}
        >
          <EyeOutlined aria-hidden="true" />
        </button>
      ) : null}
      {asking ? (
        <RevealDialog
          object={object}
          id={id}
          field={field}
          fieldLabel={fieldLabel}
          onClose={() => setAsking(false)}
          onRevealed={(result) => {
            setSeconds(SHOWN_SECONDS);
            setClear({ value: result.values[field] ?? '', budget: result.budget });
            setAsking(false);
          }}
        />
      ) : null}
    </span>
  );
}

import { CopyOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Button, Card } from 'antd';
import { useState } from 'react';
import type { Role } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { StatusTag } from '@/ui/StatusTag';
import styles from './admin.module.css';
import { adminTexts } from './texts';

/** More rules than this are folded. */
const RULES_SHOWN = 5;

/** One role: what it is for, what each of its rules says, who holds it. */
export function RoleCard({ role, onCopy }: { role: Role; onCopy: (() => void) | undefined }) {
  const t = adminTexts.useText();
  const { label } = useFormats();
  const [open, setOpen] = useState(false);
  const foldable = role.rules.length > RULES_SHOWN + 1;
  const rules = foldable && !open ? role.rules.slice(0, RULES_SHOWN) : role.rules;
  return (
    <Card
      size="small"
      title={label(role.name)}
      extra={<StatusTag>{t(role.builtin ? 'roles.builtin' : 'roles.custom')}</StatusTag>}
    >
      <span className={styles.quiet}>{label(role.description)}</span>
      {role.rules.length === 0 ? (
        <p>{t('roles.noRules')}</p>
      ) : (
        <ul className={styles.rules} aria-label={t('roles.rules', { count: role.rules.length })}>
          {rules.map((rule) => (
            <li key={rule.id} className={styles.rule}>
              <StatusTag tone={rule.effect === 'permit' ? 'good' : 'bad'}>{t(`roles.${rule.effect}`)}</StatusTag>
              <span>{label(rule.sentence)}</span>
            </li>
          ))}
        </ul>
      )}
      {foldable && (
        <Button type="link" size="small" className={styles.fold} aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? t('roles.fewer') : t('roles.all', { count: role.rules.length })}
        </Button>
      )}
      <div className={styles.cardFoot}>
        <Link to="/admin/people" search={{ role: role.key }}>
          {t('roles.people', { count: role.people_count })}
        </Link>
        {onCopy && (
          <Button size="small" icon={<CopyOutlined />} onClick={onCopy}>
            {t('roles.copy')}
          </Button>
        )}
      </div>
    </Card>
  );
}

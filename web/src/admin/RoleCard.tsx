import { CopyOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Button, Card } from 'antd';
import type { Role } from '@/api/types';
import { useFormats } from '@/i18n/format';
import { StatusTag } from '@/ui/StatusTag';
import styles from './admin.module.css';
import { adminTexts } from './texts';

/** One role: what it is for, what each of its rules says, who holds it. */
export function RoleCard({ role, onCopy }: { role: Role; onCopy: (() => void) | undefined }) {
  const t = adminTexts.useText();
  const { label } = useFormats();
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
          {role.rules.map((rule) => (
            <li key={rule.id} className={styles.rule}>
              <StatusTag tone={rule.effect === 'permit' ? 'good' : 'bad'}>{t(`roles.${rule.effect}`)}</StatusTag>
              <span>{label(rule.sentence)}</span>
            </li>
          ))}
        </ul>
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

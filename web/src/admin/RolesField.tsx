import { useQuery } from '@tanstack/react-query';
import { Alert, Checkbox } from 'antd';
import { useFormats } from '@/i18n/format';
import styles from './admin.module.css';
import { rolesQuery } from './data';
import { dutyConflict } from './duties';
import { adminTexts } from './texts';

interface RolesFieldProps {
  value?: string[];
  onChange?: (keys: string[]) => void;
  disabled?: boolean;
}

/** Business roles and administrations apart; a clash is named as soon as it is ticked. */
export function RolesField({ value = [], onChange, disabled = false }: RolesFieldProps) {
  const t = adminTexts.useText();
  const { label } = useFormats();
  const roles = useQuery(rolesQuery).data ?? [];
  const conflict = dutyConflict(value, roles);
  const groups = [
    { title: t('person.business'), roles: roles.filter((role) => !role.administration) },
    { title: t('person.offices'), roles: roles.filter((role) => role.administration) },
  ];
  const toggle = (key: string, on: boolean) => onChange?.(on ? [...value, key] : value.filter((held) => held !== key));

  return (
    <>
      {groups.map((group) => (
        <div key={group.title} role="group" aria-label={group.title} className={styles.group}>
          <span className={styles.legend}>{group.title}</span>
          {group.roles.map((role) => (
            <Checkbox
              key={role.key}
              checked={value.includes(role.key)}
              disabled={disabled}
              onChange={(event) => toggle(role.key, event.target.checked)}
            >
              <span title={label(role.description)}>{label(role.name)}</span>
            </Checkbox>
          ))}
        </div>
      ))}
      {conflict && (
        <Alert
          type="error"
          showIcon
          title={t(conflict.kind === 'offices' ? 'person.conflictOffices' : 'person.conflictBusiness', {
            roles: conflict.roles.map((role) => label(role.name)).join(' + '),
          })}
        />
      )}
    </>
  );
}

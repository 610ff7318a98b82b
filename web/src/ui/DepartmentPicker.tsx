import { useQuery } from '@tanstack/react-query';
import { Select, type SelectProps } from 'antd';
import { departmentsQuery } from '@/api/people';
import { common } from './texts';

interface DepartmentPickerProps extends Omit<SelectProps<string>, 'options' | 'onChange' | 'value' | 'mode'> {
  value?: string | null | undefined;
  onChange?: (id: string | null) => void;
}

/** Chooses one department. */
export function DepartmentPicker({ value, onChange, ...select }: DepartmentPickerProps) {
  const t = common.useText();
  const departments = useQuery(departmentsQuery);
  return (
    <Select<string>
      allowClear
      placeholder={t('pickDepartment')}
      popupMatchSelectWidth={false}
      {...select}
      value={value ?? null}
      loading={departments.isFetching}
      showSearch={{ optionFilterProp: 'label' }}
      options={(departments.data ?? []).map((department) => ({ value: department.id, label: department.name }))}
      onChange={(id: string | undefined) => onChange?.(id ?? null)}
    />
  );
}

interface DepartmentsPickerProps {
  value?: string[];
  onChange?: (ids: string[]) => void;
  disabled?: boolean;
  id?: string;
}

/** Chooses any number of departments. */
export function DepartmentsPicker(select: DepartmentsPickerProps) {
  const t = common.useText();
  const departments = useQuery(departmentsQuery);
  return (
    <Select<string[]>
      {...select}
      mode="multiple"
      placeholder={t('pickDepartment')}
      loading={departments.isFetching}
      showSearch={{ optionFilterProp: 'label' }}
      options={(departments.data ?? []).map((department) => ({ value: department.id, label: department.name }))}
    />
  );
}

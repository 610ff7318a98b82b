import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Select, type SelectProps } from 'antd';
import { useState } from 'react';
import { directoryQuery } from '@/api/people';
import { common } from './texts';
import { useDebounced } from './useDebounced';

interface PersonPickerProps extends Omit<SelectProps<string>, 'options' | 'onChange' | 'value' | 'mode'> {
  value?: string | null | undefined;
  /** Name of the chosen person while the directory has not been asked. */
  label?: string | undefined;
  onChange?: (id: string | null, name: string | null) => void;
  /** Choices before the people, such as "me" in a filter. */
  extraOptions?: { value: string; label: string }[];
}

/** Chooses one person of the directory by name. */
export function PersonPicker({ value, label, onChange, extraOptions = [], ...select }: PersonPickerProps) {
  const t = common.useText();
  const [typed, setTyped] = useState('');
  const search = useDebounced(typed);
  const [open, setOpen] = useState(select.defaultOpen ?? false);
  const people = useQuery({ ...directoryQuery(search), enabled: open || value != null, placeholderData: keepPreviousData });
  const options = [
    ...extraOptions,
    ...(people.data ?? []).map((person) => ({ value: person.id, label: person.name, department: person.departments[0]?.name })),
  ];
  if (value != null && label !== undefined && !options.some((option) => option.value === value)) {
    options.push({ value, label });
  }
  return (
    <Select<string>
      allowClear
      placeholder={t('pickPerson')}
      popupMatchSelectWidth={false}
      notFoundContent={people.isFetching ? t('loading') : t('noMatch')}
      {...select}
      value={value ?? null}
      loading={people.isFetching}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      onOpenChange={(next) => {
        setOpen(next);
        select.onOpenChange?.(next);
      }}
      options={options}
      optionRender={(option) => (
        <span>
          {option.label}
          {'department' in option.data && option.data.department ? <small> · {String(option.data.department)}</small> : null}
        </span>
      )}
      onChange={(id: string | undefined, option) => {
        const chosen = Array.isArray(option) ? option[0] : option;
        onChange?.(id ?? null, typeof chosen?.label === 'string' ? chosen.label : null);
      }}
    />
  );
}

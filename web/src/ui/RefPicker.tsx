import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Select, type SelectProps } from 'antd';
import { useState } from 'react';
import { recordTopQuery, type ListRequest } from '@/api/records';
import type { ObjectName } from '@/api/types';
import { TITLE_FIELD } from './record-title';
import { common } from './texts';
import { useDebounced } from './useDebounced';

interface RefPickerProps extends Omit<SelectProps<string>, 'options' | 'onChange' | 'value' | 'mode'> {
  object: ObjectName;
  value?: string | null | undefined;
  /** Title of the chosen record, known without asking. */
  label?: string | undefined;
  /** Narrows the choices, for example to the contacts of one customer. */
  filter?: ListRequest['filter'];
  onChange?: (id: string | null, title: string | null) => void;
}

/** Chooses one record by its title, among those that the person may see. */
export function RefPicker({ object, value, label, filter, onChange, ...select }: RefPickerProps) {
  const t = common.useText();
  const [typed, setTyped] = useState('');
  const [open, setOpen] = useState(select.defaultOpen ?? false);
  const search = useDebounced(typed.trim());
  const request: ListRequest = { sort: '-updated_at', filter, ...(search === '' ? {} : { search }) };
  const found = useQuery({ ...recordTopQuery(object, request, 20), enabled: open, placeholderData: keepPreviousData });
  const options = (found.data?.items ?? []).map((item) => ({ value: item.id, label: String(item[TITLE_FIELD[object]] ?? item.id) }));
  if (value != null && !options.some((option) => option.value === value)) {
    options.unshift({ value, label: label ?? value });
  }
  return (
    <Select<string>
      allowClear
      placeholder={t('pickRecord')}
      popupMatchSelectWidth={false}
      notFoundContent={found.isFetching ? t('loading') : t('noMatch')}
      {...select}
      value={value ?? null}
      loading={found.isFetching}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      onOpenChange={(next) => {
        setOpen(next);
        select.onOpenChange?.(next);
      }}
      options={options}
      onChange={(id: string | undefined, option) => {
        const chosen = Array.isArray(option) ? option[0] : option;
        onChange?.(id ?? null, typeof chosen?.label === 'string' ? chosen.label : null);
      }}
    />
  );
}

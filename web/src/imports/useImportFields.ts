import { useMemo } from 'react';
import type { FieldMeta, ImportObject } from '@/api/types';
import { editableFields, useObject } from '@/records/useObject';
import { importTexts } from './texts';

/** A spreadsheet names the customer of a contact; the server finds it by that name. */
const CUSTOMER_NAME = 'customer_name';

/** The fields that a column can feed: those this person may write, references by name instead of by id. */
export function useImportFields(name: ImportObject): FieldMeta[] {
  const t = importTexts.useText();
  const object = useObject(name);
  return useMemo(() => {
    if (object === undefined) return [];
    const fields = editableFields(object).filter((field) => field.type !== 'ref');
    const customer = object.fields.find((field) => field.name === 'customer');
    if (name !== 'contact' || customer === undefined) return fields;
    const label = { zh: t('mapping.customerName'), en: t('mapping.customerName') };
    return [...fields, { ...customer, name: CUSTOMER_NAME, label, class: 'confidential', required: false }];
  }, [object, name, t]);
}

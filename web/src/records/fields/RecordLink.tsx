import { Link } from '@tanstack/react-router';
import type { ObjectName } from '@/api/types';
import { common } from '@/ui/texts';
import { LIST_PATH } from '../paths';

interface RecordLinkProps {
  object: ObjectName | undefined;
  id: string;
  label: string | undefined;
}

/** A reference to another record. A record the caller may not see has no label and leads nowhere. */
export function RecordLink({ object, id, label }: RecordLinkProps) {
  const t = common.useText();
  if (label === undefined || object === undefined) return <span>{label ?? t('none')}</span>;
  if (object === 'customer') {
    return <Link to="/customers/$id" params={{ id }} onClick={(event) => event.stopPropagation()}>{label}</Link>;
  }
  return <Link to={LIST_PATH[object]} search={{ open: id }} onClick={(event) => event.stopPropagation()}>{label}</Link>;
}

import { useQuery } from '@tanstack/react-query';
import { Drawer } from 'antd';
import { useState } from 'react';
import { usePhone } from '@/app/usePhone';
import { useCan } from '@/app/session';
import { DataState } from '@/ui/DataState';
import { personQuery } from './data';
import { InitialPasswordDialog, type InitialPassword } from './InitialPasswordDialog';
import { PersonAccess } from './PersonAccess';
import { PersonForm } from './PersonForm';
import { adminTexts } from './texts';

interface PersonDrawerProps {
  /** A person's id, `new`, or nothing. */
  open: string | undefined;
  onClose: () => void;
}

/** One person beside the list: create, edit, suspend, reset. A new initial password is shown once, over everything. */
export function PersonDrawer({ open, onClose }: PersonDrawerProps) {
  const t = adminTexts.useText();
  const phone = usePhone();
  const can = useCan();
  const [secret, setSecret] = useState<InitialPassword>();
  const isNew = open === 'new';
  const query = useQuery({ ...personQuery(open ?? ''), enabled: open !== undefined && !isNew });
  const person = isNew ? undefined : query.data;

  return (
    <>
      <Drawer
        open={open !== undefined}
        onClose={onClose}
        destroyOnHidden
        size={phone ? '100%' : 480}
        title={person ? t('person.edit', { name: person.name }) : t('person.new')}
      >
        {isNew ? (
          <PersonForm
            onDone={(created) => {
              if (created) setSecret({ name: created.person.name, login: created.person.login, password: created.initial_password });
              onClose();
            }}
          />
        ) : open === undefined ? null : (
          <DataState query={query}>
            {person && (
              <>
                <PersonForm key={person.version} person={person} onDone={onClose} />
                {can('people.administer') && <PersonAccess person={person} onSecret={setSecret} />}
              </>
            )}
          </DataState>
        )}
      </Drawer>
      <InitialPasswordDialog secret={secret} onClose={() => setSecret(undefined)} />
    </>
  );
}

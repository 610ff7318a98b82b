import { useQuery } from '@tanstack/react-query';
import { Alert, App, Button, DatePicker, Form, Input, Select } from 'antd';
import type { Person, PersonChange } from '@/api/types';
import { useCan } from '@/app/session';
import { useFormats } from '@/i18n/format';
import { DepartmentPicker, DepartmentsPicker } from '@/ui/DepartmentPicker';
import { PersonPicker } from '@/ui/PersonPicker';
import { common } from '@/ui/texts';
import { fieldErrors, problemText } from '@/ui/useProblem';
import { positionsQuery, rolesQuery, useChangePerson, useCreatePerson, type CreatedPerson } from './data';
import { dutyConflict } from './duties';
import { changedPerson, EMPLOYMENTS, LOGIN, newPerson, personValues, type PersonValues } from './person-values';
import { RolesField } from './RolesField';
import { adminTexts } from './texts';

interface PersonFormProps {
  /** Nobody: a new person. */
  person?: Person;
  onDone: (created?: CreatedPerson) => void;
}

/** Name and department belong to the system administrator, roles to the security administrator. */
export function PersonForm({ person, onDone }: PersonFormProps) {
  const t = adminTexts.useText();
  const c = common.useText();
  const can = useCan();
  const { message } = App.useApp();
  const [form] = Form.useForm<PersonValues>();
  const { label } = useFormats();
  const roles = useQuery(rolesQuery).data ?? [];
  const positions = useQuery(positionsQuery).data ?? [];
  const create = useCreatePerson();
  const change = useChangePerson();
  const error = create.error ?? change.error;
  const ownsDetails = can('people.administer');
  const ownsRoles = can('roles.administer');
  const onError = (problem: Error) => form.setFields(fieldErrors(problem) as Parameters<typeof form.setFields>[0]);

  const submit = (values: PersonValues) => {
    if (dutyConflict(values.roles, roles)) return;
    if (person === undefined) {
      create.mutate(newPerson(values), { onSuccess: onDone, onError });
      return;
    }
    const changes: PersonChange = changedPerson(person, values);
    if (Object.keys(changes).length === 0) {
      onDone();
      return;
    }
    change.mutate({ person, change: changes }, { onSuccess: () => (void message.success(t('person.saved')), onDone()), onError });
  };

  return (
    <Form<PersonValues>
      form={form}
      layout="vertical"
      requiredMark={false}
      onFinish={submit}
      initialValues={personValues(person)}
    >
      {error && <Alert type="error" showIcon title={problemText(error)} style={{ marginBottom: 16 }} />}
      <Form.Item name="name" label={t('person.name')} rules={[{ required: true, whitespace: true, message: t('person.nameRequired') }]}>
        <Input maxLength={100} disabled={!ownsDetails} autoFocus={person === undefined} />
      </Form.Item>
      <Form.Item
        name="login"
        label={t('person.login')}
        extra={person ? undefined : t('person.loginHelp')}
        rules={[
          { required: true, message: t('person.loginRequired') },
          { pattern: LOGIN, message: t('person.loginFormat') },
        ]}
      >
        <Input autoComplete="off" autoCapitalize="none" spellCheck={false} maxLength={64} disabled={person !== undefined} />
      </Form.Item>
      <Form.Item name="department_id" label={t('person.department')} rules={[{ required: true, message: t('person.departmentRequired') }]}>
        <DepartmentPicker allowClear={false} disabled={!ownsDetails} />
      </Form.Item>
      <Form.Item name="more_departments" label={t('person.moreDepartments')}>
        <DepartmentsPicker disabled={!ownsDetails} />
      </Form.Item>
      <Form.Item name="positions" label={t('person.positions')}>
        <Select<string[]>
          mode="multiple"
          disabled={!ownsDetails}
          placeholder={t('person.positionsNone')}
          notFoundContent={t('positions.empty')}
          showSearch={{ optionFilterProp: 'label' }}
          options={positions.map(({ key, name }) => ({ value: key, label: label(name) }))}
        />
      </Form.Item>
      <Form.Item name="manager_id" label={t('person.manager')}>
        <PersonPicker label={person?.manager?.name} disabled={!ownsDetails} />
      </Form.Item>
      <Form.Item name="roles" label={t('person.roles')} extra={ownsRoles ? undefined : t('person.rolesOnlySecurity')}>
        <RolesField disabled={!ownsRoles} />
      </Form.Item>
      <Form.Item name="employment" label={t('person.employment')}>
        <Select disabled={!ownsDetails} options={EMPLOYMENTS.map((kind) => ({ value: kind, label: t(`employment.${kind}`) }))} />
      </Form.Item>
      <Form.Item name="ends_at" label={t('person.endsAt')} extra={t('person.endsAtHelp')}>
        <DatePicker disabled={!ownsDetails} style={{ width: '100%' }} />
      </Form.Item>
      <Form.Item name="employee_number" label={t('person.employeeNumber')}>
        <Input maxLength={40} disabled={!ownsDetails} autoComplete="off" />
      </Form.Item>
      <Form.Item name="location" label={t('person.location')}>
        <Input maxLength={100} disabled={!ownsDetails} />
      </Form.Item>
      {!ownsDetails && <Alert type="info" showIcon title={t('person.detailsOnlySystem')} style={{ marginBottom: 16 }} />}
      <Button type="primary" htmlType="submit" loading={create.isPending || change.isPending}>
        {c('save')}
      </Button>
    </Form>
  );
}

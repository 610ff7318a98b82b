import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { App, Checkbox, DatePicker, Form, Modal, Radio } from 'antd';
import type { Dayjs } from 'dayjs';
import type { Person } from '@/api/types';
import { DataState } from '@/ui/DataState';
import { PersonPicker } from '@/ui/PersonPicker';
import { common } from '@/ui/texts';
import { fieldErrors, useProblem } from '@/ui/useProblem';
import { CountedList } from './CountedList';
import { previewQuery, useLeave, type LeavingPlan } from './data';
import styles from './leaving.module.css';
import { leavingTexts } from './texts';
import { useCounted } from './words';

interface Values {
  plan: LeavingPlan;
  successor_id?: string | null;
  at?: Dayjs | null;
  sure?: boolean;
}

const PLANS: LeavingPlan[] = ['all', 'department_manager', 'review'];

interface LeaveDialogProps {
  person: Person;
  open: boolean;
  onClose: () => void;
}

/** What ends, what moves, to whom, when; then the one button. */
export function LeaveDialog({ person, open, onClose }: LeaveDialogProps) {
  const t = leavingTexts.useText();
  const c = common.useText();
  const words = useCounted();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const { showProblem } = useProblem();
  const [form] = Form.useForm<Values>();
  const plan = Form.useWatch('plan', form) ?? 'all';
  const sure = Form.useWatch('sure', form) ?? false;
  const preview = useQuery({ ...previewQuery(person.id), enabled: open });
  const leave = useLeave();

  const submit = ({ successor_id, at }: Values) =>
    leave.mutate(
      { person: person.id, request: { plan, successor_id: successor_id ?? null, at: at ? at.toISOString() : null } },
      {
        onSuccess: (leaving) => {
          void message.success(leaving.state === 'planned' ? t('planned') : t('done', { name: person.name }));
          void navigate({ to: '/admin/leavers/$id', params: { id: leaving.id } });
        },
        onError: (error) => {
          const complaint = fieldErrors(error).find(({ name }) => name === 'successor_id');
          if (complaint) form.setFields([{ name: 'successor_id', errors: complaint.errors }]);
          else showProblem(error);
        },
      },
    );

  return (
    <Modal
      open={open}
      onCancel={onClose}
      onOk={form.submit}
      okText={t('confirm')}
      okButtonProps={{ danger: true, disabled: !sure }}
      cancelText={c('cancel')}
      confirmLoading={leave.isPending}
      destroyOnHidden
      title={t('title', { name: person.name })}
    >
      <DataState query={preview}>
        {preview.data && (
          <>
            <h3 className={styles.heading}>{t('ends')}</h3>
            <CountedList
              items={preview.data.ends.filter(({ count }) => count > 0).map(({ kind, count }) => words.ended(kind, count))}
              nothing={t('endsNothing')}
            />
            <h3 className={styles.heading}>{t('moves')}</h3>
            <CountedList
              items={preview.data.moves.filter(({ count }) => count > 0).map(({ object, count }) => words.owned(object, count))}
              nothing={t('movesNothing')}
            />
          </>
        )}
      </DataState>
      <Form<Values> form={form} layout="vertical" requiredMark={false} preserve={false} initialValues={{ plan: 'all' }} onFinish={submit}>
        <Form.Item name="plan" label={t('plan')}>
          <Radio.Group vertical options={PLANS.map((value) => ({ value, label: t(`plan.${value}`) }))} />
        </Form.Item>
        {plan !== 'review' && (
          <Form.Item
            name="successor_id"
            label={plan === 'all' ? t('successor') : t('otherwise')}
            rules={plan === 'all' ? [{ required: true, message: t('successorRequired') }] : []}
          >
            <PersonPicker />
          </Form.Item>
        )}
        <Form.Item name="at" label={t('when')} extra={t('whenHelp')}>
          <DatePicker showTime className={styles.wide} placeholder={t('whenNow')} />
        </Form.Item>
        <Form.Item name="sure" valuePropName="checked">
          <Checkbox>{t('sure')}</Checkbox>
        </Form.Item>
      </Form>
    </Modal>
  );
}

import { App, Button, Card, Form } from 'antd';
import { useProblem } from '@/ui/useProblem';
import { PersonPicker } from '@/ui/PersonPicker';
import styles from '../networks/networks.module.css';
import { useSeal } from './data';
import { breakGlassTexts } from './texts';

interface SealValues {
  custodians: (string | null)[];
}

/** Names the custodians. */
export function SealForm({ anew }: { anew: boolean }) {
  const t = breakGlassTexts.useText();
  const { message } = App.useApp();
  const { showProblem } = useProblem();
  const [form] = Form.useForm<SealValues>();
  const seal = useSeal();
  const submit = ({ custodians }: SealValues) => {
    const chosen = [...new Set(custodians.filter((id) => id != null))];
    if (chosen.length < 2) {
      form.setFields([{ name: ['custodians', 1], errors: [t('chooseRequired')] }]);
      return;
    }
    seal.mutate(chosen, {
      onSuccess: () => {
        void message.success(t('sealed'));
        form.resetFields();
      },
      onError: showProblem,
    });
  };
  return (
    <Card size="small" title={t('choose')}>
      {anew ? <p className={styles.quiet}>{t('resealWhy')}</p> : null}
      <Form<SealValues> form={form} layout="vertical" initialValues={{ custodians: [null, null, null] }} onFinish={submit}>
        {[0, 1, 2].map((n) => (
          <Form.Item key={n} name={['custodians', n]} label={t('custodian', { n: n + 1 })}>
            <PersonPicker />
          </Form.Item>
        ))}
        <Button type="primary" danger={anew} htmlType="submit" loading={seal.isPending}>
          {t(anew ? 'reseal' : 'seal')}
        </Button>
      </Form>
    </Card>
  );
}

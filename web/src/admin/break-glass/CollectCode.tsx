import { Alert, App, Button, Typography } from 'antd';
import { useProblem } from '@/ui/useProblem';
import { useCollectCode } from './data';
import { breakGlassTexts } from './texts';

/** A custodian's code, shown once. */
export function CollectCode() {
  const t = breakGlassTexts.useText();
  const { showProblem } = useProblem();
  const collect = useCollectCode();
  // The application's: this alert goes as soon as the code is collected, and the code must stay.
  const { modal } = App.useApp();
  const show = () =>
    collect.mutate(undefined, {
      onSuccess: ({ code }) => {
        void modal.info({
          title: t('code'),
          content: (
            <>
              <Typography.Paragraph code>{code}</Typography.Paragraph>
              <p>{t('yoursHelp')}</p>
            </>
          ),
          okText: t('codeKept'),
          closable: false,
          keyboard: false,
          mask: { closable: false },
        });
      },
      onError: showProblem,
    });
  return (
    <Alert
      type="warning"
      showIcon
      title={t('yours')}
      description={t('yoursHelp')}
      action={
        <Button type="primary" loading={collect.isPending} onClick={show}>
          {t('collect')}
        </Button>
      }
    />
  );
}

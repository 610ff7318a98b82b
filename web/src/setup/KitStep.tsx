import { CopyOutlined, DownloadOutlined, PrinterOutlined } from '@ant-design/icons';
import { useRouter } from '@tanstack/react-router';
import { App, Button, Checkbox, Form, Input } from 'antd';
import { useState } from 'react';
import type { SetupResult } from '@/api/types';
import { useSignIn } from '@/session/data';
import type { Answers } from './answers';
import { downloadText } from './download';
import { isLastGroup, kitAsText } from './kit';
import { KitSheet } from './KitSheet';
import { useKitWords } from './kit-words';
import styles from './Setup.module.css';
import { setupTexts } from './texts';

interface KitStepProps {
  result: SetupResult;
  answers: Answers;
}

/** The recovery kit: shown once, so nobody goes on before saying or proving that it is kept. */
export function KitStep({ result, answers }: KitStepProps) {
  const t = setupTexts.useText();
  const words = useKitWords();
  const { message } = App.useApp();
  const text = kitAsText(result, words);

  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => message.success(t('kit.copied')),
      () => message.error(t('kit.copyFailed')),
    );

  return (
    <>
      <h1 className={styles.title}>{t('kit.title')}</h1>
      <p className={styles.lead}>{t('kit.lead')}</p>
      <KitSheet result={result} />
      <div className={styles.buttons}>
        <Button icon={<PrinterOutlined />} onClick={() => window.print()}>
          {t('kit.print')}
        </Button>
        <Button icon={<DownloadOutlined />} onClick={() => downloadText('shouxin-recovery-kit.txt', text)}>
          {t('kit.download')}
        </Button>
        <Button icon={<CopyOutlined />} onClick={() => void copy()}>
          {t('kit.copy')}
        </Button>
      </div>
      <Keep code={result.recovery_kit.recovery_code} answers={answers} />
    </>
  );
}

/** Typing the last group, or ticking that the kit is safe, opens the way in. */
function Keep({ code, answers }: { code: string; answers: Answers }) {
  const t = setupTexts.useText();
  const router = useRouter();
  const signIn = useSignIn();
  const [typed, setTyped] = useState('');
  const [ticked, setTicked] = useState(false);
  const proved = isLastGroup(code, typed);
  const account = answers.everyday ?? answers.admin;

  const enter = () => {
    if (account === null) return;
    const { login, password } = account;
    signIn.mutate(
      { login, password },
      { onSuccess: () => router.history.push('/'), onError: () => router.history.push('/sign-in') },
    );
  };

  return (
    <Form layout="vertical" size="large" className={styles.keep} onFinish={enter}>
      <Form.Item
        label={t('kit.prove')}
        htmlFor="kit-last-group"
        validateStatus={typed === '' ? '' : proved ? 'success' : 'warning'}
        help={typed === '' ? undefined : t(proved ? 'kit.proveMatch' : 'kit.proveDiffers')}
      >
        <Input
          id="kit-last-group"
          className={styles.lastGroup}
          value={typed}
          maxLength={12}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
        />
      </Form.Item>
      <Checkbox checked={ticked} onChange={(event) => setTicked(event.target.checked)}>
        {t('kit.confirm')}
      </Checkbox>
      <div className={styles.buttons}>
        <Button type="primary" htmlType="submit" disabled={!proved && !ticked} loading={signIn.isPending}>
          {t('kit.enter', { login: account?.login ?? '' })}
        </Button>
      </div>
    </Form>
  );
}

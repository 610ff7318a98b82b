import { SafetyCertificateOutlined } from '@ant-design/icons';
import { Alert, Button } from 'antd';
import { useFormats } from '@/i18n/format';
import { useProblem } from '@/ui/useProblem';
import styles from './audit.module.css';
import { useProof } from './data';
import { hashBytes, hex } from './proof';
import { auditTexts } from './texts';

interface ProofViewProps {
  seq: number;
  leafHash: string;
}

/** The way from the leaf to the root, walked in this browser. */
export function ProofView({ seq, leafHash }: ProofViewProps) {
  const t = auditTexts.useText();
  const { number } = useFormats();
  const { showProblem } = useProblem();
  const proof = useProof(seq);
  const found = proof.data;
  return (
    <section aria-labelledby="proof-title" className={styles.proof}>
      <h3 id="proof-title" className={styles.subtitle}>
        {t('proof.title')}
      </h3>
      <p className={styles.quiet}>{t('proof.help')}</p>
      <Hash name={t('entry.leaf')} value={leafHash} />
      {window.isSecureContext ? (
        <Button
          icon={<SafetyCertificateOutlined />}
          loading={proof.isPending}
          onClick={() => proof.mutate(undefined, { onError: showProblem })}
        >
          {t('proof.get')}
        </Button>
      ) : (
        <Alert type="info" showIcon title={t('proof.insecure')} />
      )}
      <div aria-live="polite">
        {found && (
          <>
            <Alert
              type={found.ok ? 'success' : 'error'}
              showIcon
              title={found.ok ? t('proof.ok', { size: number(found.proof.size) }) : t('proof.bad')}
            />
            <ol className={styles.path}>
              <li>
                <Hash name={t('proof.leafStep', { seq })} value={found.proof.leaf_hash} />
              </li>
              {found.steps.map((step) => (
                <li key={step.result}>
                  <Hash name={t(`proof.${step.side}`)} value={step.sibling} />
                </li>
              ))}
              <li>
                <Hash name={t('proof.root')} value={hex(hashBytes(found.proof.root))} />
              </li>
            </ol>
          </>
        )}
      </div>
    </section>
  );
}

function Hash({ name, value }: { name: string; value: string }) {
  return (
    <div className={styles.hash}>
      <span>{name}</span>
      <code>{value}</code>
    </div>
  );
}

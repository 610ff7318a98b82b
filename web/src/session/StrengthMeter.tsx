import { Flex, Progress, Typography, theme } from 'antd';
import type { PasswordCheck } from '@/api/types';
import { strengthColour } from './strength';
import { sessionTexts } from './texts';

/** How strong a password is, and in words what would make it stronger. Spoken politely by screen readers. */
export function StrengthMeter({ check }: { check: PasswordCheck | undefined }) {
  const t = sessionTexts.useText();
  const { token } = theme.useToken();
  return (
    <div aria-live="polite">
      {check === undefined ? (
        <Typography.Text type="secondary">{t('strengthHint')}</Typography.Text>
      ) : (
        <>
          <Flex align="center" gap="small">
            <Progress
              steps={4}
              percent={Math.max(check.score, 1) * 25}
              strokeColor={token[strengthColour(check)]}
              size={[36, 6]}
              showInfo={false}
              aria-label={t('strength')}
            />
            <Typography.Text type={check.ok ? 'success' : 'secondary'}>{t(`strength.${check.score}`)}</Typography.Text>
          </Flex>
          {check.problems.map((problem) => (
            <Typography.Text key={problem} type="danger" style={{ display: 'block' }}>
              <ProblemText problem={problem} />
            </Typography.Text>
          ))}
        </>
      )}
    </div>
  );
}

function ProblemText({ problem }: { problem: string }) {
  const t = sessionTexts.useText();
  const key = `problem.${problem}`;
  return t(sessionTexts.has(key) ? key : 'problem.other');
}

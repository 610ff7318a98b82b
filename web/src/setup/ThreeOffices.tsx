import { Collapse } from 'antd';
import styles from './Setup.module.css';
import { setupTexts } from './texts';

/** 三员分立 in five sentences, folded away for those who know it. */
export function ThreeOffices() {
  const t = setupTexts.useText();
  return (
    <Collapse
      size="small"
      className={styles.notice}
      items={[{ key: 'three', label: t('three.title'), children: t('three.text') }]}
    />
  );
}

import { useMemo } from 'react';
import { useDarkMode } from './appearance';
import styles from './Shell.module.css';

const TILE = { width: 260, height: 170 };

function drawTile(lines: string[], dark: boolean): string {
  const ratio = window.devicePixelRatio || 1;
  const canvas = document.createElement('canvas');
  canvas.width = TILE.width * ratio;
  canvas.height = TILE.height * ratio;
  const context = canvas.getContext('2d');
  if (context === null) return 'none';
  context.scale(ratio, ratio);
  context.translate(TILE.width / 2, TILE.height / 2);
  context.rotate((-20 * Math.PI) / 180);
  context.font = `13px ${getComputedStyle(document.body).fontFamily}`;
  context.textAlign = 'center';
  context.fillStyle = dark ? 'rgba(255, 255, 255, 0.05)' : 'rgba(20, 25, 35, 0.055)';
  lines.forEach((line, index) => context.fillText(line, 0, index * 18));
  return `url(${canvas.toDataURL()})`;
}

/**
 * The viewer's name over everything, drawers included, so that a photo of the screen says whose it was.
 * Not antd's Watermark: that writes a `style` attribute, which our Content-Security-Policy refuses.
 */
export function Watermark({ lines }: { lines: string[] }) {
  const dark = useDarkMode();
  const text = lines.join('\n');
  const image = useMemo(() => drawTile(text.split('\n'), dark), [text, dark]);
  return <div aria-hidden="true" className={styles.watermark} style={{ backgroundImage: image, backgroundSize: `${TILE.width}px ${TILE.height}px` }} />;
}

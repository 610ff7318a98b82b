import { InboxOutlined } from '@ant-design/icons';
import { useState } from 'react';
import styles from './imports.module.css';

interface FileDropProps {
  accept: string;
  title: string;
  help: string;
  onFile: (file: File) => void;
}

/** The browser's own file input stretched over the words: it takes drops, clicks and keys by itself. */
export function FileDrop({ accept, title, help, onFile }: FileDropProps) {
  const [over, setOver] = useState(false);
  return (
    <label className={styles.drop} data-over={over}>
      <span className={styles.dropIcon} aria-hidden="true">
        <InboxOutlined />
      </span>
      <strong>{title}</strong>
      <span className={styles.quiet}>{help}</span>
      <input
        type="file"
        className={styles.file}
        accept={accept}
        onDragEnter={() => setOver(true)}
        onDragLeave={() => setOver(false)}
        onChange={(event) => {
          setOver(false);
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) onFile(file);
        }}
      />
    </label>
  );
}

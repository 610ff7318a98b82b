import { useEffect, useRef, useState } from 'react';
import { ApiProblem } from '@/api/problem';
import type { ImportObject } from '@/api/types';
import { MAX_BYTES, uploadImport } from './upload';

const TOO_LARGE = new ApiProblem({ type: 'about:blank', key: 'too_large', title: 'too large', status: 413 }, null);

/** One upload at a time: what is under way, how far, what went wrong; leaving the page stops it. */
export function useUpload(onDone: (id: string) => void) {
  const [file, setFile] = useState<File>();
  const [part, setPart] = useState(0);
  const [error, setError] = useState<unknown>(null);
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);

  const start = async (object: ImportObject, chosen: File) => {
    setError(null);
    if (chosen.size > MAX_BYTES) {
      setError(TOO_LARGE);
      return;
    }
    const controller = new AbortController();
    running.current = controller;
    setFile(chosen);
    setPart(0);
    try {
      const job = await uploadImport({ object, file: chosen, onProgress: setPart, signal: controller.signal });
      onDone(job.id);
    } catch (problem) {
      if (!controller.signal.aborted) setError(problem);
    } finally {
      setFile(undefined);
    }
  };

  return {
    file,
    part,
    error,
    tooLarge: error === TOO_LARGE,
    start: (object: ImportObject, chosen: File) => void start(object, chosen),
    stop: () => running.current?.abort(),
  };
}

import { useCallback, useLayoutEffect, useRef } from 'react';

/** A callback that keeps its identity and always does what the newest render says: for memoised rows. */
export function useStable<Args extends unknown[], Result>(callback: (...args: Args) => Result): (...args: Args) => Result {
  const latest = useRef(callback);
  useLayoutEffect(() => {
    latest.current = callback;
  });
  return useCallback((...args: Args) => latest.current(...args), []);
}

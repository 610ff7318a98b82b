import { apiAddress } from '@/api/client';
import { ApiProblem, type ProblemBody } from '@/api/problem';
import type { ImportJob, ImportObject } from '@/api/types';

/** The largest file the server takes. */
export const MAX_BYTES = 200 * 1024 * 1024;

interface Upload {
  object: ImportObject;
  file: File;
  /** 0 to 1; fetch cannot tell how much of a body has left, XMLHttpRequest can. */
  onProgress: (part: number) => void;
  signal: AbortSignal;
}

/** Sends a file; answers with the import made of it, or throws what the server objects to. */
export function uploadImport({ object, file, onProgress, signal }: Upload): Promise<ImportJob> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', apiAddress('/imports', { object, filename: file.name }));
    request.setRequestHeader('accept', 'application/json');
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener('load', () => {
      if (request.status === 201 || request.status === 200) resolve(JSON.parse(request.responseText) as ImportJob);
      else reject(problemOf(request));
    });
    request.addEventListener('error', () => reject(offline()));
    request.addEventListener('abort', () => reject(new DOMException('upload stopped', 'AbortError')));
    signal.addEventListener('abort', () => request.abort());
    request.send(file);
  });
}

function offline(): ApiProblem {
  return new ApiProblem({ type: 'about:blank', key: 'offline', title: 'offline', status: 0 }, null);
}

function problemOf(request: XMLHttpRequest): ApiProblem {
  const requestId = request.getResponseHeader('x-request-id');
  try {
    const body = JSON.parse(request.responseText) as ProblemBody;
    return new ApiProblem({ ...body, status: request.status }, requestId);
  } catch {
    // A proxy in between answers in its own words; 413 is the one that people meet.
    const key = request.status === 413 ? 'too_large' : 'internal';
    return new ApiProblem({ type: 'about:blank', key, title: request.statusText, status: request.status }, requestId);
  }
}

/** RFC 9457 problem, as the server sends it. */
export interface ProblemBody {
  type: string;
  key: string;
  title: string;
  status: number;
  detail?: string;
  fields?: { field: string; key: string; detail?: string }[];
  params?: Record<string, string | number | string[]>;
}

/** What a failed request throws. `key` is stable and has a text in both languages. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly key: string;
  readonly detail: string | undefined;
  readonly fields: NonNullable<ProblemBody['fields']>;
  readonly params: Record<string, string | number | string[]>;
  readonly requestId: string | null;

  constructor(body: ProblemBody, requestId: string | null) {
    super(body.detail ?? body.title);
    this.name = 'ApiProblem';
    this.status = body.status;
    this.key = body.key;
    this.detail = body.detail;
    this.fields = body.fields ?? [];
    this.params = body.params ?? {};
    this.requestId = requestId;
  }

  /** The parameters that a text can name. */
  get words(): Record<string, string | number> {
    const simple = Object.entries(this.params).filter((entry): entry is [string, string | number] => !Array.isArray(entry[1]));
    return Object.fromEntries(simple);
  }
}

export function isProblem(error: unknown, key?: string): error is ApiProblem {
  return error instanceof ApiProblem && (key === undefined || error.key === key);
}

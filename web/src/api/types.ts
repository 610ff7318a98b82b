/** The shapes of /api/v1, as the HTTP contract states them. */
import type { Label, Language } from '@/i18n/language';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

// Session and set-up

export type AdministrationRole = 'system' | 'security' | 'audit';

export interface SetupStatus {
  needed: boolean;
  version: string;
  engine: 'sqlite' | 'postgres';
}

export interface NewAccount {
  name: string;
  login: string;
  password: string;
}

export interface SetupRequest {
  code: string;
  company: string;
  language: Language;
  admin: NewAccount;
  everyday?: NewAccount;
}

export interface RecoveryKit {
  workspace: string;
  company: string;
  recovery_code: string;
  root_fingerprint: string;
  ledger_key: string;
  created_at: string;
}

export interface SetupAccount {
  login: string;
  role: string;
  name: string;
  initial_password?: string;
}

export interface SetupResult {
  recovery_kit: RecoveryKit;
  accounts: SetupAccount[];
}

export interface PasswordCheck {
  score: 0 | 1 | 2 | 3 | 4;
  ok: boolean;
  problems: string[];
}

export interface NamedRef {
  id: string;
  name: string;
}

export interface Me {
  id: string;
  name: string;
  login: string;
  language: Language;
  roles: string[];
  role_names: Record<string, Label>;
  departments: NamedRef[];
  must_change_password: boolean;
  capabilities: string[];
  workspace: { id: string; company: string; language: Language };
}

export interface Workspace {
  company: string;
  language: Language;
  engine: 'sqlite' | 'postgres';
  version: string;
  data?: Record<string, number>;
}

// Catalog

export type ObjectName = 'customer' | 'contact' | 'deal' | 'communication' | 'task';
export type Action = 'list' | 'read' | 'create' | 'update' | 'delete' | 'assign' | 'reveal' | 'import' | 'export';
export type FieldClass = 'open' | 'confidential' | 'restricted' | 'sealed';
export type FieldAccess = 'hidden' | 'masked' | 'read' | 'write';
export type FieldType =
  | 'text' | 'long_text' | 'phone' | 'email' | 'id_number' | 'address' | 'select' | 'ref' | 'person' | 'department'
  | 'datetime' | 'date' | 'int' | 'money' | 'bool' | 'url' | 'duration';
export type FilterOp = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge' | 'in' | 'is_empty' | 'contains' | 'starts_with';

export interface SelectOption {
  value: string;
  label: Label;
  color?: string;
}

export interface FieldMeta {
  name: string;
  label: Label;
  type: FieldType;
  class: FieldClass;
  required: boolean;
  access: FieldAccess;
  sortable: boolean;
  filterable: boolean;
  filter_ops: FilterOp[];
  searchable: boolean;
  options?: SelectOption[];
  target?: ObjectName;
  max_length?: number;
  help?: Label;
  system: boolean;
}

export interface ObjectMeta {
  name: ObjectName;
  label: Label;
  label_plural: Label;
  icon: string;
  title_field: string;
  fields: FieldMeta[];
  actions: Action[];
}

// Records

export type FieldValue = string | number | boolean | null;
export type FieldValues = Record<string, FieldValue>;

export interface RecordRights {
  update: boolean;
  delete: boolean;
  reveal: boolean;
  assign: boolean;
}

/** A record as the caller may see it: masked fields carry their mask, hidden ones are absent. */
export interface RecordItem {
  id: string;
  version: number;
  created_at: string;
  updated_at: string;
  owner: string | null;
  department: string | null;
  _masked: string[];
  _labels: Record<string, string>;
  _can: RecordRights;
  [field: string]: FieldValue | string[] | Record<string, string> | RecordRights | undefined;
}

export interface Count {
  value: number;
  capped: boolean;
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface CountedPage<T> extends Page<T> {
  count: Count;
}

/** People or departments around the one who asks. */
export type Circle = 'subtree' | 'department' | 'reports';

export type ConditionValue =
  | FieldValue
  | FieldValue[]
  | { me: true }
  | { my_people: Circle }
  | { my_departments: Circle }
  | { now: { days: number } }
  | { today: { days: number } };

/** The one language for rows: views, filters, rules. */
export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | { field: string; op: FilterOp; value?: ConditionValue };

export interface Budget {
  used: number;
  limit: number;
  resets_at: string;
}

export interface RevealResult {
  values: Record<string, string>;
  budget: Budget;
}

/** What a bulk request did. */
export interface AssignResult {
  changed: number;
  refused: { id: string; key: string }[];
}

export interface FieldChange {
  field: string;
  from: FieldValue;
  to: FieldValue;
  masked?: boolean;
}

export interface CommunicationEvent {
  kind: 'communication';
  id: string;
  at: string;
  record: RecordItem;
  person: NamedRef | null;
}

export interface ChangeEvent {
  kind: 'change';
  id: string;
  at: string;
  person: NamedRef | null;
  object: ObjectName;
  record_id: string;
  action: 'create' | 'update' | 'delete' | 'assign' | 'restore';
  changes: FieldChange[];
}

export type TimelineEvent = CommunicationEvent | ChangeEvent;

export interface RelatedRecords {
  items?: RecordItem[];
  count: Count | number;
}

export type Related = Partial<Record<ObjectName, RelatedRecords>>;

export interface SnippetPart {
  text: string;
  hit: boolean;
}

export interface SearchHit {
  object: ObjectName;
  record: RecordItem;
  label: string;
  matched: { field: string; snippet: SnippetPart[] | string }[];
}

export interface SearchResult {
  items: SearchHit[];
  more: boolean;
  took_ms: number;
}

// Imports

export type ImportObject = 'customer' | 'contact' | 'communication';
export type ImportState = 'mapping' | 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

export interface ImportColumn {
  index: number;
  header: string;
  samples: string[];
  suggested: string | null;
}

export interface ImportOptions {
  duplicates: 'skip' | 'update' | 'create';
  owner: string | null;
}

export interface ImportProgress {
  done: number;
  created: number;
  updated: number;
  skipped: number;
  failed: number;
  /** Of the created: mails without a known address. */
  unmatched: number;
  /** Of the created: names like one that is already there. */
  near?: number;
  total: number | null;
}

export interface ImportJob {
  id: string;
  object: ImportObject;
  filename: string;
  format: 'csv' | 'xlsx' | 'mbox' | 'eml';
  encoding: string | null;
  state: ImportState;
  created_at: string;
  created_by: string;
  columns: ImportColumn[];
  mapping: { column: number; field: string }[];
  preview: string[][];
  rows_total: number | null;
  options: ImportOptions;
  progress: ImportProgress;
  warnings: { key: string; detail: string }[];
  error?: { key: string; detail: string } | null;
  per_s: number | null;
}

export interface ImportCheck {
  checked: number;
  valid: number;
  errors: { row: number; field: string; key: string; detail: string; value?: string }[];
  duplicates: { exact: number; near: number };
}

export type ImportRowKind = 'failed' | 'skipped' | 'near' | 'unmatched';

export interface ImportRow {
  row: number;
  key: string;
  detail: string;
  cells: string[];
  record_id?: string;
}

// Audit

export type LedgerOutcome = 'ok' | 'refused' | 'failed';

export interface LedgerEntry {
  seq: number;
  at: string;
  person: NamedRef | null;
  principal_kind: 'person' | 'system' | 'setup';
  session: string | null;
  device: string | null;
  network: { ip: string | null } | null;
  action: string;
  object: string | null;
  records: string[];
  record_count: number;
  fields: string[];
  class: FieldClass | null;
  reason: string | null;
  /** It has a reason or details that this reader may not read, or whose key is destroyed. */
  sealed: boolean;
  rules: string[];
  outcome: LedgerOutcome;
  details: Record<string, Json> | null;
  leaf_hash: string;
}

export interface LedgerCheckpoint {
  size: number;
  root: string;
  note: string;
  at: string;
  key: string;
}

export interface LedgerVerification {
  ok: boolean;
  size: number;
  root: string;
  checked: number;
  took_ms: number;
  problems: { seq: number | null; key: string; detail: string }[];
}

export interface LedgerProof {
  seq: number;
  leaf_hash: string;
  size: number;
  root: string;
  path: string[];
}

export interface LedgerSummary {
  by_action: { action: string; count: number }[];
  by_person: { person: NamedRef | null; count: number }[];
  by_hour: { hour: string; count: number }[];
  reveals: number;
}

// People

export type PersonStatus = 'active' | 'suspended' | 'left';

/** What every signed-in person sees of the others. */
export interface DirectoryPerson {
  id: string;
  name: string;
  departments: NamedRef[];
  status: PersonStatus;
}

/** What administrators see. */
export interface Person extends DirectoryPerson {
  login: string;
  manager: NamedRef | null;
  roles: string[];
  language: Language;
  last_sign_in_at: string | null;
  must_change_password: boolean;
  created_at: string;
  version: number;
}

export interface NewPerson {
  name: string;
  login: string;
  department_id: string;
  manager_id?: string | null;
  roles: string[];
  initial_password?: string;
}

export interface PersonChange {
  name?: string;
  department_id?: string;
  manager_id?: string | null;
  status?: PersonStatus;
  roles?: string[];
}

export interface Department {
  id: string;
  name: string;
  parent_id: string | null;
  /** The names from the top down to this one. */
  path: string[];
  people_count: number;
}

export interface RoleRule {
  id: string;
  sentence: Label;
  effect: 'permit' | 'forbid';
  object: string;
  actions: string[];
}

export interface Role {
  key: string;
  name: Label;
  description: Label;
  people_count: number;
  builtin: boolean;
  administration: boolean;
  rules: RoleRule[];
}

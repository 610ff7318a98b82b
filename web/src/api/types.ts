/** The shapes of /api/v1: names for the types generated from the server's description (`cargo xtask types`). */
import type { Language } from '@/i18n/language';
import type { components } from './schema';

type Schema = components['schemas'];
/** A generated type with some properties known more closely than the description can say. */
type With<Type, Known> = Omit<Type, keyof Known> & Known;

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

// Session and set-up

export type AdministrationRole = 'system' | 'security' | 'audit';

export type SetupStatus = Schema['SetupState'];
export type NewAccount = Schema['NewAccount'];
export type SetupRequest = Schema['Founding'];
export type RecoveryKit = Schema['RecoveryKit'];
export type SetupAccount = Schema['FoundedAccount'];
export type SetupResult = Schema['Founded'];
export type PasswordCheck = With<Schema['PasswordReport'], { score: 0 | 1 | 2 | 3 | 4 }>;
export type NamedRef = Schema['PersonRef'];
export type Me = With<Schema['Me'], { language: Language; workspace: With<Schema['WorkspaceRef'], { language: Language }> }>;
export type Workspace = With<Schema['Workspace'], { language: Language }>;

export type Factor = Schema['Factor'];
export type NewTotp = Schema['NewTotp'];
export type RecoveryCodes = Schema['RecoveryCodes'];
export type FactorKind = Schema['FactorKind'];
/** What proves, beside the password, who somebody is. */
export interface FactorProof {
  totp?: string;
  recovery_code?: string;
  passkey?: { ticket: string; credential: unknown };
}
// Networks, devices, break-glass

export type Networks = Schema['NetworksView'];
export type NetworkPlace = Schema['PlaceView'];
export type Zone = Schema['Zone'];
export type ZoneChange = Schema['ZoneChange'];
export type NetworkRulesChange = Schema['NetworkRulesChange'];
export type Device = Schema['DeviceView'];
export type DeviceChange = Schema['DeviceChange'];
export type DeviceRules = Schema['DeviceRules'];
export type BreakGlass = Schema['BreakGlassView'];
export type Posture = Schema['Posture'];
export type OpenSession = Schema['OpenSession'];

// Catalog

export type ObjectName = 'customer' | 'contact' | 'deal' | 'communication' | 'task';
export type Action = 'list' | 'read' | 'create' | 'update' | 'delete' | 'assign' | 'reveal' | 'import' | 'export';
export type FieldClass = Schema['Class'];
export type FieldAccess = Schema['FieldAccess'];
export type FieldType = Schema['FieldType'];
export type FilterOp = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge' | 'in' | 'is_empty' | 'contains' | 'starts_with';

export type SelectOption = Schema['Choice'];
export type FieldMeta = With<Schema['FieldMeta'], { target?: ObjectName; filter_ops: FilterOp[] }>;

export type ObjectMeta = With<Schema['ObjectMeta'], { name: ObjectName; fields: FieldMeta[]; actions: Action[] }>;

// Records

export type FieldValue = string | number | boolean | null;
export type FieldValues = Record<string, FieldValue>;

export type RecordRights = Schema['RecordRights'];

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

export type Count = Schema['Count'];

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

export type Budget = Schema['Budget'];
export type RevealResult = Schema['Revealed'];

/** What a bulk request did. */
export type AssignResult = Schema['BulkReport'];
export type FieldChange = Schema['FieldChange'];

type Event<Kind> = Extract<Schema['TimelineItem'], { kind: Kind }>;
export type CommunicationEvent = With<Event<'communication'>, { record: RecordItem }>;
export type ChangeEvent = With<
  Event<'change'>,
  { object: ObjectName; action: 'create' | 'update' | 'delete' | 'assign' | 'restore' }
>;
export type TimelineEvent = CommunicationEvent | ChangeEvent;

export type RelatedRecords = With<Schema['RelatedList'], { items: RecordItem[] }>;

export type Related = Partial<Record<ObjectName, RelatedRecords>>;

export type SnippetPart = Schema['SnippetPiece'];
export type SearchHit = With<Schema['SearchHit'], { object: ObjectName; record: RecordItem }>;
export type SearchResult = With<Schema['SearchHits'], { items: SearchHit[] }>;

/** How many records have which value, and what they add up to. */
export type Aggregate = Schema['Aggregate'];
export type Duplicate = With<Schema['Duplicate'], { record: RecordItem }>;
export type Duplicates = With<Schema['Duplicates'], { items: Duplicate[] }>;

// Imports

export type ImportObject = 'customer' | 'contact' | 'communication';
export type ImportState = 'mapping' | 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

export type ImportColumn = Schema['ImportColumn'];
export type ImportOptions = Required<Schema['ImportOptions']>;
export type ImportProgress = Schema['ImportProgress'];
export type ImportJob = With<Schema['Import'], { object: ImportObject; state: ImportState; options: ImportOptions }>;
export type ImportCheck = Schema['ImportCheck'];

export type ImportRowKind = 'failed' | 'skipped' | 'near' | 'unmatched';

export type ImportRow = Schema['ImportRow'];

// Audit

export type LedgerOutcome = Schema['Outcome'];
export type LedgerEntry = Schema['AuditEntry'];
export type LedgerCheckpoint = Schema['Checkpoint'];
export type LedgerVerification = Schema['Verification'];
export type LedgerProof = Schema['Proof'];
export type LedgerSummary = Schema['AuditSummary'];

// People

export type PersonStatus = Schema['PersonStatus'];

/** What every signed-in person sees of the others. */
export type DirectoryPerson = Omit<Schema['Person'], keyof Schema['Account']>;

/** What administrators see. */
export type Person = Schema['Person'] & Required<Schema['Account']>;

export type NewPerson = Schema['NewPerson'];
export type Position = Schema['Position'];
export type PersonChange = Schema['PersonChange'];
export type Department = Schema['Department'];
export type RoleRule = Schema['RoleRule'];
export type Role = Schema['Role'];

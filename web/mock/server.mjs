// A development stand-in for the API: in memory, forgetful, roughly the contract. Sign in as zhang.wei, user1 (system), user2 (security), user3 (audit); any password but "wrong".
// MOCK_SETUP=1 starts with set-up needed. MOCK_DIST=1 also serves dist/ under the strict CSP.
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { objects } from './catalog.mjs';
import { departments, now, people, pick, random, tables } from './data.mjs';
import { pathOf, rootOf } from './tree.mjs';

const sessions = new Map();
let setupNeeded = process.env.MOCK_SETUP === '1';
const byId = Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, new Map(rows.map((row) => [row.id, row]))]));
const history = new Map();
const imports = [];
let revealed = 3;
class Problem extends Error {
  constructor(status, key, extra = {}) { super(key); this.body = { type: `urn:shouxin:problem:${key}`, key, title: key, status, detail: extra.detail ?? key, ...extra }; }
}
const meta = (name) => objects.find((object) => object.name === name) ?? (() => { throw new Problem(404, 'not_found'); })();
const TITLE = { customer: 'name', contact: 'name', deal: 'title', communication: 'subject', task: 'title' };
const personRef = (id) => { const person = people.find((p) => p.id === id); return person ? { id, name: person.name } : null; };
function mask(type, value) {
  if (type === 'phone') return `${value.slice(0, 3)}****${value.slice(-4)}`;
  if (type === 'email') return `${value[0]}***@${value.split('@')[1]}`;
  return `${value.slice(0, 3)}******`;
}
function view(name, row, me) {
  const item = { ...row, _masked: [], _labels: {}, _can: { update: true, delete: true, reveal: true, assign: me.roles.includes('manager') } };
  for (const field of meta(name).fields) {
    const value = row[field.name];
    if (value == null) continue;
    if (field.class === 'restricted') { item[field.name] = mask(field.type, String(value)); item._masked.push(field.name); }
    if (field.type === 'person') item._labels[field.name] = personRef(value)?.name;
    if (field.type === 'department') item._labels[field.name] = departments.find((d) => d.id === value)?.name;
    if (field.type === 'ref') item._labels[field.name] = byId[field.target].get(value)?.[TITLE[field.target]];
  }
  delete item.deleted;
  return item;
}
function resolve(value, me) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  if (value.me) return me.id;
  if (value.my_people) return people.filter((p) => p.departments[0].id === me.departments[0].id).map((p) => p.id);
  if (value.now) return new Date(Date.now() + value.now.days * 86400000).toISOString();
  const day = new Date(Date.now() + value.today.days * 86400000);
  day.setHours(0, 0, 0, 0);
  return day.toISOString();
}
function matches(condition, name, row, me) {
  if (condition.all) return condition.all.every((part) => matches(part, name, row, me));
  if (condition.any) return condition.any.some((part) => matches(part, name, row, me));
  if (condition.not) return !matches(condition.not, name, row, me);
  const field = meta(name).fields.find((f) => f.name === condition.field.split('.')[0]);
  if (!field) throw new Problem(422, 'invalid', { fields: [{ field: condition.field, key: 'unknown_field' }] });
  if (field.class === 'confidential') throw new Problem(422, 'not_filterable');
  const actual = row[condition.field];
  const wanted = resolve(condition.value, me);
  switch (condition.op) {
    case 'is_empty': return actual == null || actual === '';
    case 'in': return wanted.includes(actual);
    case 'eq': return Array.isArray(wanted) ? wanted.includes(actual) : actual === wanted;
    case 'ne': return actual !== wanted;
    case 'contains': return String(actual ?? '').includes(wanted);
    case 'starts_with': return String(actual ?? '').startsWith(wanted);
    default: {
      if (actual == null) return false;
      const order = actual < wanted ? -1 : actual > wanted ? 1 : 0;
      return { lt: order < 0, le: order <= 0, gt: order > 0, ge: order >= 0 }[condition.op];
    }
  }
}
function list(name, query, me) {
  const object = meta(name);
  let rows = tables[name].filter((row) => !row.deleted);
  const filter = query.get('filter');
  if (filter) { const condition = JSON.parse(filter); rows = rows.filter((row) => matches(condition, name, row, me)); }
  const search = query.get('search');
  if (search) rows = rows.filter((row) => object.fields.some((f) => (f.searchable && String(row[f.name] ?? '').includes(search)) || (f.class === 'restricted' && row[f.name] === search)));
  const sort = query.get('sort') ?? '-created_at';
  const key = sort.replace('-', '');
  const sign = sort.startsWith('-') ? -1 : 1;
  rows = rows.toSorted((a, b) => ((a[key] ?? '') < (b[key] ?? '') ? -sign : (a[key] ?? '') > (b[key] ?? '') ? sign : 0));
  const start = Number(query.get('cursor') ?? 0);
  const limit = Math.min(200, Number(query.get('limit') ?? 50));
  const next = start + limit < rows.length ? String(start + limit) : null;
  return { items: rows.slice(start, start + limit).map((row) => view(name, row, me)), next, count: { value: Math.min(rows.length, 10000), capped: rows.length > 10000 } };
}
function note(object, row, action, changes, me) {
  const events = history.get(row.id) ?? [];
  events.push({ kind: 'change', id: randomUUID(), at: new Date().toISOString(), person: { id: me.id, name: me.name }, object, record_id: row.id, action, changes });
  history.set(row.id, events);
}
function change(object, row, fields, me, action = 'update') {
  const changes = Object.entries(fields).filter(([field, to]) => row[field] !== to).map(([field, to]) => ({ field, from: row[field] ?? null, to }));
  Object.assign(row, fields, { version: row.version + 1, updated_at: new Date().toISOString(), updated_by: me.id });
  note(object, row, action, changes, me);
}
function timeline(id, query, me) {
  const kinds = query.get('kinds')?.split(',');
  const channels = query.get('channel')?.split(',');
  const events = [];
  for (const row of tables.communication) {
    if (row.customer !== id || row.deleted || (channels && !channels.includes(row.channel))) continue;
    events.push({ kind: 'communication', id: row.id, at: row.occurred_at, record: view('communication', row, me), person: personRef(row.owner) });
  }
  const customer = byId.customer.get(id);
  if (!channels) {
    events.push(...(history.get(id) ?? []), { kind: 'change', id: `${id}-1`, at: customer.created_at, person: personRef(customer.created_by), object: 'customer', record_id: id, action: 'create', changes: [] });
    events.push({ kind: 'change', id: `${id}-2`, at: customer.updated_at, person: personRef(customer.owner), object: 'customer', record_id: id, action: 'update', changes: [{ field: 'stage', from: 'lead', to: customer.stage }, { field: 'phone', from: '138****0000', to: '139****1111', masked: true }] });
  }
  const person = query.get('person');
  const rows = events.filter((e) => (!kinds || kinds.includes(e.kind)) && (!person || e.person?.id === person) && (!query.get('from') || e.at >= query.get('from')) && (!query.get('to') || e.at <= query.get('to'))).toSorted((a, b) => (a.at < b.at ? 1 : -1));
  return slice(rows, query, 30);
}
function slice(rows, query, size) {
  const start = Number(query.get('cursor') ?? 0);
  const limit = Number(query.get('limit') ?? size);
  return { items: rows.slice(start, start + limit), next: start + limit < rows.length ? String(start + limit) : null, count: { value: rows.length, capped: false } };
}
function search(query, me) {
  const q = query.get('q').trim();
  const wanted = query.get('objects')?.split(',') ?? Object.keys(tables);
  const items = [];
  for (const name of wanted) {
    for (const row of tables[name]) {
      if (items.length >= 20) break;
      const field = meta(name).fields.find((f) => (f.searchable && String(row[f.name] ?? '').includes(q)) || (f.class === 'restricted' && row[f.name] === q));
      if (!field) continue;
      const text = String(row[field.name]);
      const at = text.indexOf(q);
      const snippet = field.class === 'restricted' ? mask(field.type, text) : [{ text: text.slice(Math.max(0, at - 12), at), hit: false }, { text: q, hit: true }, { text: text.slice(at + q.length, at + 30), hit: false }];
      items.push({ object: name, record: view(name, row, me), label: row[TITLE[name]], matched: [{ field: field.name, snippet }] });
    }
  }
  return { items, more: false, took_ms: 4 };
}
const BUSINESS = objects.flatMap((o) => o.actions.filter((a) => a !== 'import' || ['customer', 'contact', 'communication'].includes(o.name)).map((a) => `${a}.${o.name}`));
const CAPABILITIES = { sales: BUSINESS, service: BUSINESS, manager: [...BUSINESS, 'audit.read'], system: ['people.administer', 'settings.administer', 'people.read'], security: ['roles.administer', 'rules.read', 'audit.read'], audit: ['audit.read', 'audit.verify'] };
const ROLE_NAMES = { sales: { zh: '销售', en: 'Sales' }, service: { zh: '客服', en: 'Service' }, manager: { zh: '部门经理', en: 'Manager' }, system: { zh: '系统管理员', en: 'System administrator' }, security: { zh: '安全管理员', en: 'Security administrator' }, audit: { zh: '审计管理员', en: 'Audit administrator' } };
const meOf = (person) => ({ ...person, role_names: ROLE_NAMES, capabilities: [...new Set(['people.read', ...person.roles.flatMap((r) => CAPABILITIES[r] ?? [])])], workspace: { id: 'w1', company: '守信示范(上海)有限公司', language: 'zh' } });
const entries = Array.from({ length: 1200 }, (_, i) => {
  const person = pick(people);
  const action = pick(['list', 'read', 'search', 'update', 'reveal', 'sign_in', 'create', 'timeline', 'sign_in_failed']);
  return { seq: 1199 - i, at: new Date(now - i * 400_000).toISOString(), person: { id: person.id, name: person.name }, principal_kind: 'person', session: randomBytes(4).toString('hex'), device: 'Chrome / Windows', network: { ip: `10.0.${i % 9}.${i % 200}` }, action, object: action.startsWith('sign') ? null : pick(['customer', 'contact', 'deal', 'communication']), records: action === 'list' ? [] : [pick(tables.customer).id], record_count: action === 'list' ? 50 : 1, fields: action === 'reveal' ? ['phone'] : ['name'], class: action === 'reveal' ? 'restricted' : 'confidential', reason: action === 'reveal' ? '电话回访' : null, rules: ['销售看本部门客户'], outcome: action === 'sign_in_failed' ? 'failed' : random() < 0.04 ? 'refused' : 'ok', details: action === 'update' ? { stage: { from: 'lead', to: 'active' } } : null, leaf_hash: randomBytes(32).toString('hex') };
});
const leaves = entries.map((entry) => Buffer.from(entry.leaf_hash, 'hex')).toReversed();
const root = rootOf(leaves).toString('base64');
const roles = Object.entries(ROLE_NAMES).map(([key, name]) => ({ key, name, description: { zh: `${name.zh}的默认权限`, en: `What ${name.en} may do` }, people_count: people.filter((p) => p.roles.includes(key)).length, builtin: true, administration: ['system', 'security', 'audit'].includes(key), rules: [{ id: `${key}-1`, sentence: { zh: '可以查看本部门及下级部门负责的客户', en: 'May see customers owned by the own department and below' }, effect: 'permit', object: 'customer', actions: ['list', 'read'] }, { id: `${key}-2`, sentence: { zh: '不得查看封存字段', en: 'May not see sealed fields' }, effect: 'forbid', object: 'customer', actions: ['reveal'] }] }));
function progress(job) {
  if (job.state === 'queued') job.state = 'running';
  if (job.state !== 'running') return job;
  job.progress.done = Math.min(job.progress.total, job.progress.done + 6000);
  Object.assign(job.progress, { created: Math.floor(job.progress.done * 0.97), failed: Math.floor(job.progress.done * 0.01), skipped: job.progress.done - Math.floor(job.progress.done * 0.97) - Math.floor(job.progress.done * 0.01) });
  job.per_s = 21000;
  if (job.progress.done >= job.progress.total) job.state = 'done';
  return job;
}
function newImport(query, me) {
  const object = query.get('object');
  const filename = query.get('filename');
  const mail = object === 'communication';
  return { id: randomUUID(), object, filename, format: mail ? 'mbox' : filename.endsWith('xlsx') ? 'xlsx' : 'csv', encoding: 'gbk', state: 'mapping', created_at: new Date().toISOString(), created_by: me.id, columns: mail ? [] : [['公司名称', 'name'], ['手机', 'phone'], ['邮箱', 'email'], ['客户等级', 'level'], ['业务员', null]].map(([header, suggested], index) => ({ index, header, suggested, samples: ['上海华信达有限公司', '13800138000', 'a@example.com', 'A', '张三'].slice(index, index + 1) })), mapping: mail ? [] : [{ column: 0, field: 'name' }, { column: 1, field: 'phone' }, { column: 2, field: 'email' }, { column: 3, field: 'level' }], preview: Array.from({ length: 20 }, (_, i) => [`上海华信达${i}有限公司`, `1380013${8000 + i}`, `a${i}@example.com`, 'A', '张三']), rows_total: 30000, options: { duplicates: 'skip', owner: null }, progress: { done: 0, created: 0, updated: 0, skipped: 0, failed: 0, unmatched: 0, total: 30000 }, warnings: [], error: null, per_s: null };
}
const ROUTES = [
  ['GET', '/setup', () => ({ needed: setupNeeded, version: '0.1.0', engine: 'sqlite' }), 'open'],
  ['POST', '/setup', ({ body }) => { setupNeeded = false; return { recovery_kit: { workspace: 'w-7f3a', company: body.company, recovery_code: 'SX1-7K2M-9QPD-4TVH-XW3R-6BNC-8FJA', root_fingerprint: '3f:9a:11:c2:7d:e0:55:ab', ledger_key: 'shouxin+3f9a11c2+AbCdEf0123456789', created_at: new Date().toISOString() }, accounts: [{ login: body.admin.login, role: 'system', name: body.admin.name }, { login: 'security', role: 'security', name: '安全管理员', initial_password: 'Qm7-tulip-Harbor' }, { login: 'audit', role: 'audit', name: '审计管理员', initial_password: 'Vx2-maple-Lantern' }] }; }, 'open'],
  ['POST', '/password/check', ({ body }) => { const score = Math.min(4, Math.floor(body.password.length / 4)); return { score, ok: score >= 3, problems: score >= 3 ? [] : [body.password.length < 10 ? 'too_short' : 'too_weak'] }; }, 'open'],
  ['POST', '/session', ({ body, response }) => { if (setupNeeded) throw new Problem(409, 'setup_needed'); const person = people.find((p) => p.login === body.login); if (!person || body.password === 'wrong') throw new Problem(401, 'bad_credentials'); const token = randomUUID(); sessions.set(token, person); response.setHeader('set-cookie', `mock=${token}; Path=/; HttpOnly; SameSite=Strict`); return meOf(person); }, 'open'],
  ['DELETE', '/session', ({ token }) => { sessions.delete(token); return null; }],
  ['GET', '/me', ({ me }) => me], ['PATCH', '/me', ({ body, person }) => { Object.assign(person, body); return meOf(person); }], ['POST', '/me/password', ({ body, person }) => { if (body.current === 'wrong') throw new Problem(422, 'invalid', { fields: [{ field: 'current', key: 'bad_credentials' }] }); person.must_change_password = false; return null; }],
  ['GET', '/workspace', () => ({ company: '守信示范(上海)有限公司', language: 'zh', engine: 'sqlite', version: '0.1.0' })],
  ['GET', '/objects', ({ me }) => ({ objects: objects.filter((o) => me.capabilities.includes(`list.${o.name}`)) })],
  ['GET', '/records/:object', ({ p, query, me }) => list(p.object, query, me)],
  ['POST', '/records/:object/assign', ({ p, body, me }) => { for (const id of body.ids) change(p.object, byId[p.object].get(id), { owner: body.owner }, me, 'assign'); return { assigned: body.ids.length, refused: [] }; }],
  ['POST', '/records/:object', ({ p, body, me, response }) => { const missing = meta(p.object).fields.filter((f) => f.required && (body[f.name] ?? '') === ''); if (missing.length) throw new Problem(422, 'invalid', { fields: missing.map((f) => ({ field: f.name, key: 'required' })) }); const at = new Date().toISOString(); const row = { id: randomUUID(), version: 1, owner: me.id, department: me.departments[0].id, created_at: at, updated_at: at, created_by: me.id, updated_by: me.id, ...body }; tables[p.object].push(row); byId[p.object].set(row.id, row); response.statusCode = 201; return view(p.object, row, me); }],
  ['GET', '/records/customer/:id/timeline', ({ p, query, me }) => timeline(p.id, query, me)],
  ['GET', '/records/:object/:id/related', ({ p, me }) => Object.fromEntries(['contact', 'deal', 'task', 'communication'].map((name) => { const rows = tables[name].filter((row) => row.customer === p.id && !row.deleted); return [name, { items: name === 'communication' ? undefined : rows.map((row) => view(name, row, me)), count: rows.length }]; }))],
  ['GET', '/records/:object/:id/history', ({ p, query }) => slice((history.get(p.id) ?? []).toReversed(), query, 30)],
  ['POST', '/records/:object/:id/restore', ({ p, me }) => { const row = byId[p.object].get(p.id); delete row.deleted; return view(p.object, row, me); }],
  ['POST', '/records/:object/:id/reveal', ({ p, body }) => { if (!body.reason) throw new Problem(422, 'reason_required'); revealed += 1; const row = byId[p.object].get(p.id); return { values: Object.fromEntries(body.fields.map((f) => [f, row[f]])), budget: { used: revealed, limit: 30, resets_at: new Date(Date.now() + 3e6).toISOString() } }; }],
  ['GET', '/records/:object/:id', ({ p, me }) => { const row = byId[p.object]?.get(p.id); if (!row || row.deleted) throw new Problem(404, 'not_found'); return view(p.object, row, me); }],
  ['PATCH', '/records/:object/:id', ({ p, body, me, request }) => { const row = byId[p.object].get(p.id); const wanted = request.headers['if-match']; if (wanted && wanted !== `"${row.version}"`) throw new Problem(412, 'stale', { params: { version: row.version } }); if (body.note === 'stale') throw new Problem(412, 'stale', { params: { version: row.version } }); change(p.object, row, body, me); return view(p.object, row, me); }],
  ['DELETE', '/records/:object/:id', ({ p }) => { byId[p.object].get(p.id).deleted = true; return null; }],
  ['GET', '/search', ({ query, me }) => search(query, me)],
  ['GET', '/duplicates/customer', ({ query, me }) => ({ items: tables.customer.filter((row) => ['phone', 'email'].some((f) => query.get(f) && row[f] === query.get(f)) || (query.get('name')?.length > 3 && row.name.includes(query.get('name')))).slice(0, 5).map((row) => view('customer', row, me)) })],
  ['GET', '/imports', () => ({ items: imports.map(progress) })], ['POST', '/imports', ({ query, me, response }) => { const job = newImport(query, me); imports.unshift(job); response.statusCode = 201; return job; }],
  ['GET', '/imports/:id', ({ p }) => progress(imports.find((job) => job.id === p.id) ?? (() => { throw new Problem(404, 'not_found'); })())], ['PUT', '/imports/:id', ({ p, body }) => Object.assign(imports.find((job) => job.id === p.id), body)],
  ['POST', '/imports/:id/check', () => ({ checked: 1000, valid: 988, errors: [{ row: 17, field: 'phone', key: 'bad_phone', detail: 'not a phone number', value: '12345' }], duplicates: { exact: 9, near: 3 } })],
  ['POST', '/imports/:id/:verb', ({ p }) => { const job = imports.find((j) => j.id === p.id); job.state = p.verb === 'cancel' ? 'cancelled' : 'running'; return job; }],
  ['GET', '/imports/:id/rows', ({ query }) => ({ items: [{ row: 17, key: 'bad_phone', detail: 'not a phone number', cells: ['上海某公司', '12345', '', 'A', ''] }], next: null, kind: query.get('kind') })],
  ['GET', '/ledger/entries', ({ query }) => slice(entries.filter((e) => ['action', 'object', 'outcome'].every((k) => !query.get(k) || e[k] === query.get(k)) && (!query.get('person') || e.person.id === query.get('person')) && (!query.get('record') || e.records.includes(query.get('record'))) && (!query.get('from') || e.at >= query.get('from')) && (!query.get('to') || e.at <= query.get('to'))), query, 50)],
  ['GET', '/ledger/checkpoint', () => ({ size: leaves.length, root, note: `shouxin/w1\n${leaves.length}\n${root}\n\n— shouxin+3f9a Azj…`, at: new Date(Date.now() - 42_000).toISOString(), key: 'shouxin+3f9a11c2+AbCd' })],
  ['POST', '/ledger/verify', async () => { await new Promise((done) => setTimeout(done, 1200)); const problems = process.env.MOCK_TAMPERED === '1' ? [{ seq: 417, key: 'changed', detail: '' }, { seq: 1199, key: 'root', detail: 'checkpoint of size 1200' }] : []; return { ok: problems.length === 0, size: leaves.length, root, checked: leaves.length, took_ms: 37, problems }; }],
  ['GET', '/ledger/entries/:seq/proof', ({ p }) => ({ seq: Number(p.seq), leaf_hash: leaves[Number(p.seq)].toString('hex'), size: leaves.length, root, path: pathOf(Number(p.seq), leaves).map((hash) => hash.toString('hex')) })],
  ['GET', '/ledger/summary', () => { const counts = [...new Set(entries.map((e) => e.action))].map((action) => ({ action, count: entries.filter((e) => e.action === action).length })); return { by_action: counts, by_person: people.slice(0, 8).map((person, i) => ({ person: { id: person.id, name: person.name }, count: 90 - i * 9 })), by_hour: Array.from({ length: 24 }, (_, i) => ({ hour: new Date(now - (23 - i) * 3600_000).toISOString().slice(0, 13) + ':00:00.000Z', count: Math.floor(random() * 90) })), reveals: entries.filter((e) => e.action === 'reveal').length }; }],
  ['GET', '/people', ({ query, me }) => { const rows = people.filter((p) => (!query.get('search') || p.name.includes(query.get('search')) || p.login.includes(query.get('search'))) && (!query.get('status') || p.status === query.get('status')) && (!query.get('department') || p.departments[0].id === query.get('department'))); const full = me.capabilities.some((c) => c.endsWith('.administer')); return slice(full ? rows : rows.map(({ id, name, departments: d, status }) => ({ id, name, departments: d, status })), query, 50); }],
  ['POST', '/people', ({ body, response }) => { const d = departments.find((x) => x.id === body.department_id); const person = { id: randomUUID(), name: body.name, login: body.login, status: 'active', departments: [{ id: d.id, name: d.name }], manager: personRef(body.manager_id), roles: body.roles, language: 'zh', last_sign_in_at: null, must_change_password: true, created_at: new Date().toISOString(), version: 1 }; people.unshift(person); response.statusCode = 201; return { person, initial_password: 'Kp4-river-Orchid' }; }],
  ['POST', '/people/:id/reset_password', () => ({ initial_password: 'Zt9-cedar-Meadow' })], ['GET', '/people/:id', ({ p }) => people.find((x) => x.id === p.id)],
  ['PATCH', '/people/:id', ({ p, body }) => { const person = people.find((x) => x.id === p.id); const next = body.roles ?? person.roles; if (next.filter((r) => ['system', 'security', 'audit'].includes(r)).length > 0 && next.length > 1) throw new Problem(422, 'separation_of_duties'); const { department_id, manager_id, ...rest } = body; Object.assign(person, rest, { version: person.version + 1 }); if (department_id) person.departments = departments.filter((d) => d.id === department_id).map(({ id, name }) => ({ id, name })); if (manager_id !== undefined) person.manager = personRef(manager_id); return person; }],
  ['GET', '/departments', () => ({ items: departments.map((d) => ({ ...d, path: d.parent_id ? `${departments[0].name}/${d.name}` : d.name, people_count: people.filter((p) => p.departments[0].id === d.id).length })) })],
  ['POST', '/departments', ({ body, response }) => { const d = { id: randomUUID(), parent_id: null, ...body }; departments.push(d); response.statusCode = 201; return { ...d, path: d.name, people_count: 0 }; }], ['PATCH', '/departments/:id', ({ p, body }) => Object.assign(departments.find((d) => d.id === p.id), body)],
  ['DELETE', '/departments/:id', ({ p }) => { if (people.some((x) => x.departments[0].id === p.id)) throw new Problem(409, 'conflict'); departments.splice(departments.findIndex((d) => d.id === p.id), 1); return null; }],
  ['GET', '/roles', () => ({ items: roles })], ['POST', '/roles', ({ body, response }) => { const role = { ...body, description: body.name, people_count: 0, builtin: false, administration: false, rules: [] }; roles.push(role); response.statusCode = 201; return role; }],
].map(([method, path, handler, open]) => ({ method, handler, open, names: [...path.matchAll(/:(\w+)/g)].map((m) => m[1]), pattern: new RegExp(`^${path.replaceAll(/:\w+/g, '([^/]+)')}$`) }));

function serveDist(request, response) {
  const dist = join(import.meta.dirname, '../dist');
  const path = new URL(request.url, 'http://x').pathname;
  const file = path !== '/' && existsSync(join(dist, path)) ? join(dist, path) : join(dist, 'index.html');
  const nonce = randomBytes(16).toString('base64');
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
  response.setHeader('content-type', `${types[extname(file)] ?? 'application/octet-stream'}; charset=utf-8`);
  response.setHeader('content-security-policy', `default-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:`);
  const content = readFileSync(file);
  response.end(file.endsWith('.html') ? content.toString().replace('__NONCE__', nonce) : content);
}
createServer(async (request, response) => {
  const url = new URL(request.url, 'http://x');
  if (!url.pathname.startsWith('/api/v1')) return process.env.MOCK_DIST === '1' ? serveDist(request, response) : response.writeHead(404).end();
  const path = url.pathname.slice('/api/v1'.length);
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    const route = ROUTES.find((r) => r.method === request.method && r.pattern.test(path));
    if (!route) throw new Problem(404, 'not_found');
    const token = /mock=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
    const person = sessions.get(token);
    if (!route.open && !person) throw new Problem(401, 'not_signed_in');
    const body = request.headers['content-type'] === 'application/json' && chunks.length ? JSON.parse(Buffer.concat(chunks).toString()) : {};
    const values = route.pattern.exec(path).slice(1).map(decodeURIComponent);
    const p = Object.fromEntries(route.names.map((name, i) => [name, values[i]]));
    const answer = await route.handler({ p, query: url.searchParams, body, me: person && meOf(person), person, token, request, response });
    response.setHeader('content-type', 'application/json');
    if (answer === null) response.statusCode = 204;
    response.end(answer === null ? undefined : JSON.stringify(answer));
  } catch (error) {
    const problem = error instanceof Problem ? error.body : { type: 'about:blank', key: 'internal', title: 'internal', status: 500, detail: String(error.stack) };
    if (!(error instanceof Problem)) console.error(error);
    response.writeHead(problem.status, { 'content-type': 'application/problem+json', 'x-request-id': randomUUID() }).end(JSON.stringify(problem));
  }
}).listen(Number(process.env.MOCK_PORT ?? 8780), '127.0.0.1', () => console.log('mock ready', Object.entries(tables).map(([name, rows]) => `${name} ${rows.length}`).join(', ')));

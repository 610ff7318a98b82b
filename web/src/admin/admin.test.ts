import { describe, expect, it } from 'vitest';
import type { Department, Role } from '@/api/types';
import { departmentTree, flatten, possibleParents } from './department-tree';
import { dutyConflict } from './duties';
import { parsePeopleSearch } from './people-search';

const department = (id: string, parent: string | null, people: number): Department => ({
  id, name: id.toUpperCase(), parent_id: parent, path: [id], people_count: people,
});
const departments = [department('hq', null, 2), department('east', 'hq', 5), department('shanghai', 'east', 7), department('west', 'hq', 1)];

const role = (key: string, administration: boolean): Role => ({
  key, administration, name: { zh: key, en: key }, description: { zh: key, en: key }, people_count: 0, builtin: true, rules: [],
});
const roles = [role('sales', false), role('manager', false), role('system', true), role('audit', true)];

describe('the department tree', () => {
  it('counts the people of a department and of all below', () => {
    const [hq] = departmentTree(departments);
    expect(hq).toMatchObject({ people: 2, total: 15, depth: 0 });
    expect(flatten(departmentTree(departments)).map(({ id, depth }) => [id, depth])).toEqual([
      ['hq', 0], ['east', 1], ['shanghai', 2], ['west', 1],
    ]);
  });

  it('loses no department whose parent is unknown', () => {
    expect(departmentTree([department('lost', 'gone', 3)])).toMatchObject([{ id: 'lost', total: 3 }]);
  });

  it('offers no parent inside the department that moves', () => {
    expect(possibleParents(departmentTree(departments), 'east').map(({ id }) => id)).toEqual(['hq', 'west']);
  });
});

describe('separation of duties', () => {
  it('refuses two administrations, and one with a business role', () => {
    expect(dutyConflict(['system', 'audit'], roles)).toMatchObject({ kind: 'offices' });
    expect(dutyConflict(['system', 'sales'], roles)).toMatchObject({ kind: 'business' });
  });

  it('allows one administration alone and any business roles', () => {
    expect(dutyConflict(['audit'], roles)).toBeNull();
    expect(dutyConflict(['sales', 'manager'], roles)).toBeNull();
  });
});

describe('the address of the people page', () => {
  it('keeps what it knows and drops the rest', () => {
    expect(parsePeopleSearch({ q: 138, status: 'asleep', role: 'sales', open: '', other: 1 })).toEqual({ q: '138', role: 'sales' });
  });
});

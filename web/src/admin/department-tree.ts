import type { Department } from '@/api/types';

export interface DepartmentNode {
  id: string;
  name: string;
  parent_id: string | null;
  /** People of this department alone. */
  people: number;
  /** People of this department and all below. */
  total: number;
  depth: number;
  children?: DepartmentNode[];
}

/** The flat list as a tree, siblings in the order of the server; a department with an unknown parent becomes a root. */
export function departmentTree(departments: readonly Department[]): DepartmentNode[] {
  const known = new Set(departments.map(({ id }) => id));
  const rootOr = (parent: string | null) => (parent !== null && known.has(parent) ? parent : null);
  const build = (parent: string | null, depth: number): DepartmentNode[] =>
    departments.filter(({ parent_id }) => rootOr(parent_id) === parent).map((department) => {
      const children = build(department.id, depth + 1);
      const total = children.reduce((sum, child) => sum + child.total, department.people_count);
      const node = { id: department.id, name: department.name, parent_id: department.parent_id, people: department.people_count, total, depth };
      return children.length > 0 ? { ...node, children } : node;
    });
  return build(null, 0);
}

/** Top-down, as an indented list shows them. */
export function flatten(nodes: readonly DepartmentNode[]): DepartmentNode[] {
  return nodes.flatMap((node) => [node, ...flatten(node.children ?? [])]);
}

/** Where a department may move: anywhere but into itself or below itself. */
export function possibleParents(nodes: readonly DepartmentNode[], moving: string | null): DepartmentNode[] {
  return nodes.flatMap((node) => (node.id === moving ? [] : [node, ...possibleParents(node.children ?? [], moving)]));
}

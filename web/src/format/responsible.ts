import type { Contact, Target } from '../api/types';

/** "罗建山 合同段负责人 138…"; a hidden name is said to be hidden, not left blank. */
export function contactText(c: Contact): string {
  const name = c.name ?? '（姓名不可见）';
  return [name, c.role_label || c.seat, c.phone].filter(Boolean).join(' ');
}

/** The one line under a target. */
export function responsibleLine(contacts: Contact[]): string {
  const [first, ...others] = contacts;
  if (!first) return '没有可联系的负责人';
  return others.length ? `${contactText(first)} 等 ${contacts.length} 人` : contactText(first);
}

/** Who is told about these targets: people once each, and the sites with nobody. */
export function reach(targets: Target[]): { people: number; sections: number; nobody: Target[]; single: number } {
  const people = new Set<string>();
  const sections = new Set<string>();
  for (const t of targets) {
    t.responsible.forEach((c) => people.add(c.person_id));
    if (t.section.name) sections.add(t.section.id);
  }
  return {
    people: people.size,
    sections: sections.size,
    nobody: targets.filter((t) => t.responsible.length === 0),
    single: targets.filter((t) => t.responsible.length === 1).length,
  };
}

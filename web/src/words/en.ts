import type { Word } from './zh';

/** English for the main ways; a word of the source that is missing here does not compile. */
export const en = {
  'nav.inbox': 'Inbox', 'nav.boards': 'Boards', 'nav.new': 'New', 'nav.sites': 'Sites', 'nav.projects': 'Projects', 'nav.people': 'People', 'nav.devices': 'Devices', 'nav.verify': 'Verify', 'nav.watch': 'Watch',
  'nav.leave': 'Sign out', 'nav.demo': 'Demo data',
  'nav.standing': 'Standing', 'nav.sections': 'Sections', 'nav.companies': 'Companies', 'nav.teams': 'Teams', 'nav.certificates': 'Certificates', 'page.gates': 'Gates', 'gate.new': 'Register...', 'gate.new.title': 'Register a device (application)', 'gate.adopt': 'Adopt', 'gate.approve': 'Agree', 'gate.health': 'How it is now', 'gate.connect': 'To be entered in the device', 'gate.aside': 'Kept aside', 'gate.setup': 'How it connects', 'gate.map': 'Which site is meant',
  'standing.new': 'Sign...', 'standing.new.title': 'Sign a standing authorisation', 'standing.sign': 'Sign', 'standing.revoke': 'Revoke...',
  'state.unanswered': 'No answer', 'state.refused': 'Refused', 'state.reopened': 'Reopened', 'state.expired_open': 'Expired, not lifted', 'state.pending': 'To be told', 'state.delivered': 'Delivered', 'state.read': 'Read',
  'state.acknowledged': 'Acknowledged', 'state.moving': 'Moving', 'state.carried_out': 'Carried out', 'state.reported': 'Reported evacuated', 'state.confirmed': 'Confirmed on the spot', 'state.inspecting': 'Inspection due', 'state.verified': 'Verified',
  'state.lifted': 'Lifted', 'state.return_allowed': 'Return allowed', 'state.released': 'Released',
  'group.needs': 'Needs you', 'group.going': 'In progress', 'group.done': 'Done',
  'tool.select': 'Move', 'tool.polygon': 'Polygon', 'tool.circle': 'Circle', 'tool.rectangle': 'Rectangle', 'tool.line': 'Along a line', 'tool.region': 'Regions', 'tool.paste': 'Paste', 'tool.subtract': 'Subtract', 'tool.cut': 'Cut',
  'tool.undo': 'Undo', 'tool.redo': 'Redo',
  'form.actual': 'Actual', 'form.exercise': 'Exercise', 'form.hazard': 'Hazard', 'form.expires': 'Expires (China time)', 'form.title': 'Title', 'form.basis': 'Basis', 'form.note': 'Note (optional)',
  'edit.new': 'New warning', 'edit.draft': 'Change the draft', 'edit.revise': 'Update', 'edit.back': 'Back', 'edit.on': 'Go on editing', 'edit.save': 'Save draft', 'edit.check': 'Check before publishing', 'edit.compare': 'What will change', 'edit.norights': 'You may not publish',
  'now.head': 'Who is in the area now', 'now.certain': 'certainly there', 'now.possible': 'possibly', 'now.people': 'more', 'now.sites': 'sites', 'now.sections': 'sections', 'now.projects': 'projects',
} satisfies Record<Word, string>;

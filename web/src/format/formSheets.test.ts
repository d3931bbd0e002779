import { describe, expect, it } from 'vitest';
import { formSheet } from './formSheets';

describe('the printed forms of the registry', () => {
  it('are of one project where one is meant', () => {
    expect(formSheet('projects', '')?.path).toBe('/api/v1/projects/contact_list.xlsx');
    expect(formSheet('sections', 'p1')?.path).toBe('/api/v1/sections/contract_staff.xlsx?project=p1');
    expect(formSheet('devices', 'p1')).toBeNull();
  });
});

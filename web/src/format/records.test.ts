import { describe, expect, it } from 'vitest';
import type { CertificateRecord, CompanyRecord, DeviceRecord, SectionRecord, SiteRecord } from '../api/registry';
import { asked } from '../api/at';
import { holdsUntil, looks, queryOf, rowTag, rowWords, siblings } from './records';
import { bodyOf, missingOf, nameOf, valuesOf } from './recordForm';

const site = {
  id: 's', code: 'S-1', name: '桃花坝驻地', kind: 'residence_own', kind_label: '自建驻地', section: { id: 'sec', code: 'LJ-3', name: 'LJ-3 标' }, region: { code: '511824', name: '石棉县' },
  geometry: { type: 'Point', coordinates: [102.3, 29.2] }, signal: 'weak', sleeps: true, at_risk: false, beds: 40, closed_at: null, version: 4,
} as unknown as SiteRecord;

describe('the registry', () => {
  it('keeps what a list is narrowed by in its address, and nothing empty', () => {
    expect(asked({ q: '桃花', region: '', kind: 'tunnel' })).toBe('?q=%E6%A1%83%E8%8A%B1&kind=tunnel');
    expect(asked({})).toBe('');
    expect(queryOf({ q: '桃花', kind: ['a', 'b'] })).toMatchObject({ q: '桃花', kind: '' });
  });

  it('says in a row what it is and where it belongs', () => {
    expect(rowWords('sites', site)).toEqual({ head: '桃花坝驻地', sub: '自建驻地 · LJ-3 标 · 石棉县' });
  });

  it('says of a certificate what it is, whose, and until which day', () => {
    const held = { kind: '电工证', person: { name: '罗甲' }, until: '2026-12-01T16:00:00Z', state: 'soon', where: '示例高速 A1' } as unknown as CertificateRecord;
    expect(rowWords('certificates', held)).toEqual({ head: '电工证 罗甲', sub: '有效期至 2026-12-01 · 示例高速 A1' });
    expect([rowTag(held), rowTag({ ...held, state: 'expired' }), rowTag({ ...held, state: 'valid' })]).toEqual(['快到期', '已过期', '']);
    expect(holdsUntil({ ...held, state: 'expired' })).toBe('已于 2026-12-01 到期');
    expect(holdsUntil({ ...held, until: null })).toBe('长期有效');
  });

  it('shows people, teams and certificates beside each other; the last two come in as files only', () => {
    expect(siblings.teams).toEqual(['people', 'teams', 'certificates']);
    expect([looks.teams.permission, looks.certificates.permission]).toEqual(['', '']);
  });

  it('fills a form with a record and sends it back with its version', () => {
    const values = valuesOf('sites', site);
    expect(values).toMatchObject({ section_id: 'sec', name: '桃花坝驻地', closed: false, geometry: site.geometry });
    expect(bodyOf('sites', values, 4)).toMatchObject({ section_id: 'sec', datum: 'wgs84', version: 4, beds: 40 });
  });

  it('changes no phone and no ID number unless something was written', () => {
    expect(bodyOf('people', { name: '罗甲', phone: '', id_number: undefined, language: 'zh' }, 2)).toEqual({ name: '罗甲', language: 'zh', version: 2 });
  });

  it('gives a new person a bed', () => {
    expect(bodyOf('people', { name: '罗甲', language: 'zh', site_id: 's' }, null)).toEqual({ name: '罗甲', language: 'zh', bed: { site_id: 's' } });
  });

  it('says what is still missing', () => {
    expect(missingOf('devices', { purpose: 'presence', direction: 'in', site_id: 's' }, true)).toBe('先填序列号');
    expect(missingOf('devices', valuesOf('devices', { site: { id: 's' }, purpose: 'presence', direction: 'in', status: 'active' } as unknown as DeviceRecord), false)).toBe('');
    expect(missingOf('sites', {}, true)).toBe('先填合同段');
  });

  it('keeps who supervises a section, and can take the supervision away', () => {
    const section = { code: 'LJ-3', name: 'LJ-3 标', kind: 'construction', status: 'building', company: { id: 'c', name: '示例路桥' }, supervised_by: { id: 'v', name: '一监' } } as unknown as SectionRecord;
    const values = valuesOf('sections', section);
    expect(values).toEqual({ code: 'LJ-3', name: 'LJ-3 标', kind: 'construction', company_id: 'c', supervised_by: 'v', status: 'building' });
    expect(nameOf(section, 'supervised_by')).toBe('一监');
    expect(bodyOf('sections', { ...values, supervised_by: undefined }, 2)).not.toHaveProperty('supervised_by');
  });

  it('writes a company with what is known of it', () => {
    expect(rowWords('companies', { name: '示例路桥', kind_label: '施工', parent: null, uscc: null } as unknown as CompanyRecord)).toEqual({ head: '示例路桥', sub: '施工' });
    expect(missingOf('companies', { kind: 'owner' }, true)).toBe('先填单位全称');
  });
});

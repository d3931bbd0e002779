import { describe, expect, it } from 'vitest';
import { readNotice } from './readNotice';

const counties = [{ code: '511823000000', name: '汉源县' }, { code: '511824000000', name: '石棉县' }, { code: '511802000000', name: '雨城区' }];

describe('a forwarded text', () => {
  it('says what is warned of, by whom, when and where', () => {
    expect(readNotice('【某市气象台】2026年7月18日3时20分发布暴雨黄色预警信号：预计汉源县、石棉县将出现50毫米以上降水，可能引发山洪。', counties)).toEqual({
      hazard: 'rain', level: 'yellow', issuer: '某市气象台', issuedAt: '2026-07-18T03:20', regions: counties.slice(0, 2),
    });
  });

  it('is read from what it has when there is no signal in it', () => {
    expect(readNotice('某县防办通知：上游开闸，汉源县沿河驻地注意', counties)).toEqual({ hazard: 'reservoir', level: undefined, issuer: '某县防办', issuedAt: undefined, regions: counties.slice(0, 1) });
  });

  it('gives nothing out of nonsense', () => {
    expect(readNotice('啊吧'.repeat(17_000), counties)).toEqual({ hazard: undefined, level: undefined, issuer: undefined, issuedAt: undefined, regions: [] });
  });
});

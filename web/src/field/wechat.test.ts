import { expect, it } from 'vitest';
import { insideWeChat, saidBack } from './wechat';

it('knows the browser of WeChat', () => {
  expect(insideWeChat('Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Mobile MicroMessenger/8.0.49')).toBe(true);
  expect(insideWeChat('Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile')).toBe(false);
  expect(insideWeChat('MicroMessenger/8.0.49 miniProgram/wx123')).toBe(false);
});

it('says what came of it', () => {
  expect(saidBack('')).toBe('');
  expect(saidBack('?wechat=in')).toBe('');
  expect(saidBack('?wechat=wechat_unbound')).toContain('短信验证码');
  expect(saidBack('?wechat=<script>')).toContain('没有成功');
});

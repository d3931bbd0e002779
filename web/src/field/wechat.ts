/** Whether the page is open in WeChat's own browser; not in a mini program or on a desktop that only says so. */
export const insideWeChat = (agent: string): boolean => /MicroMessenger\//i.test(agent) && !/miniProgram/i.test(agent);

const words: Record<string, string> = {
  wechat_unbound: '这个微信还没有绑定。用短信验证码登录一次，以后点“微信登录”就行。',
  wechat_state: '微信登录已失效，请再点一次。',
  wechat_code: '微信登录已失效，请再点一次。',
  wechat_snapshot: '请在微信里点“使用完整服务”后再登录。',
  wechat_limit: '登录得太频繁，请稍后再试，或用短信验证码登录。',
};

/** What came of the way to WeChat, from the word in the page's address; empty when there is nothing to say. */
export function saidBack(query: string): string {
  const word = new URLSearchParams(query).get('wechat') ?? '';
  return word === '' || word === 'in' ? '' : (words[word] ?? '微信登录没有成功，请用短信验证码登录。');
}

import type { Protocol } from '../api/gates';

export interface ProtocolLook {
  code: Protocol;
  name: string;
  /** Which devices speak it. */
  hint: string;
  /** What the signing key and its number are called; without one it comes by its token. */
  key?: { id: string; secret: string; note: string };
  /** It can be told to come without a token, by its serial. */
  bare?: boolean;
  /** People choose on it whether they go in or out. */
  saysIn?: boolean;
  /** What follows the address, when the device calls more than one. */
  tails?: { what: string; tail: string }[];
  /** What whoever stands in front of the device has to do. */
  steps: string[];
}

/** The protocols a device can be registered with, the most frequent first; what is to be entered where is from docs/gates.md. */
export const protocols: ProtocolLook[] = [
  {
    code: 'hikvision', name: '海康 ISAPI', hint: '海康人脸终端、门禁主机，“HTTP 监听”',
    steps: ['网络 → 高级配置 → HTTP 监听：填主机、端口和上面的路径', '数据格式选 JSON（XML 也收），不要填用户名和密码', '时间配置：时区东八区，打开 NTP'],
  },
  {
    code: 'zkteco', name: '中控 PUSH', hint: '中控考勤机、门禁控制器', bare: true, saysIn: true,
    steps: ['云服务/ADMS 设置：启用域名，服务器地址填上面整条地址', '只能填主机和端口的机型：登记时选“没有令牌”，并写来源地址', '时区设东八区；重启设备，它会自己来取设置'],
  },
  {
    code: 'dahua', name: '大华', hint: '大华门禁，“HTTP 主动上传”',
    steps: ['网络设置 → 主动上传（EventHttpUpload）：填主机、端口和上面的路径', '上传内容选门禁事件，不要带图片', '时区设东八区，打开 NTP'],
  },
  {
    code: 'uniview', name: '宇视 LAPI', hint: '宇视门禁、人脸终端', bare: true,
    steps: ['平台对接 → LAPI：服务器填上面的地址和路径', '只能填主机和端口的机型：登记时选“没有令牌”，并写来源地址', '打开断网续传和校时'],
  },
  {
    code: 'uface', name: '宇泛及贴牌', hint: '宇泛人脸终端及贴牌机', tails: [{ what: '识别回调', tail: '/callback' }, { what: '心跳', tail: '/beat' }],
    steps: ['setIdentifyCallBack 填识别回调地址，setDeviceHeartBeat 填心跳地址', '关闭回调里的照片', '这类设备断网时的记录只发一次：在工地内网另设定时对账'],
  },
  {
    code: 'realname', name: '全国实名制接口', hint: '劳务管理系统，已能上报全国平台的', key: { id: 'appid', secret: 'appsecret（32 个字符）', note: '由劳务系统提供，两边填同样的' },
    steps: ['把劳务系统里“全国平台”的接口地址换成上面的地址', 'appid、appsecret 两边填同样的', '先报班组和人员，再报进出；一个系统报多个工地的，请把项目编码告诉我们'],
  },
  {
    code: 'push', name: '通用推送接口', hint: '自己写程序对接的厂家', key: { id: '密钥编号', secret: '签名密钥', note: '带令牌的地址可以不签名；不带令牌的 /gate/push 必须签名' },
    tails: [{ what: '打卡', tail: '/passes' }, { what: '心跳', tail: '/beat' }],
    steps: ['打卡 POST JSON，一批最多 1,000 条；心跳每 30 到 60 秒一次', '没有收到 2xx 就原样重发，重发不会重复计人', '不要发照片和人脸模板'],
  },
];

/** The look of a protocol; one that this page does not know is shown by its code. */
export const protocolLook = (code: string): ProtocolLook =>
  protocols.find((p) => p.code === code) ?? { code: code as Protocol, name: code, hint: '', steps: [] };

export const protocolName = (code: string): string => protocolLook(code).name;

/** The addresses that go into the device, each with what it is for. */
export function addressesOf(origin: string, code: string, path: string): { what: string; url: string }[] {
  const tails = protocolLook(code).tails ?? [{ what: '地址', tail: '' }];
  return tails.map(({ what, tail }) => ({ what, url: origin + path + tail }));
}

export interface Installing { origin: string; code: string; path: string; serial: string; site: string; keyId?: string }

/** What is handed to the vendor, as one text to copy: addresses, steps, rules. */
export function vendorText(of: Installing): string {
  const look = protocolLook(of.code);
  const { host, port, protocol } = new URL(of.origin);
  const hostname = host.replace(/:\d+$/, '');
  return [
    `设备接入：${of.serial}（${of.site}）`, `协议：${look.name}`,
    ...addressesOf(of.origin, of.code, of.path).map((a) => `${a.what}：${a.url}`),
    `主机 ${hostname}，端口 ${port || (protocol === 'https:' ? '443' : '80')}，路径 ${of.path}`,
    ...(of.keyId ? [`${look.key?.id ?? '密钥编号'}：${of.keyId}（密钥另行当面或电话告知）`] : []),
    ...look.steps.map((s, i) => `${i + 1}. ${s}`),
    '地址里的令牌就是密码：只填进这一台设备，不要转发到群里。',
  ].join('\n');
}

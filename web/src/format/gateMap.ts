/** One line of what a labour system's codes mean; empty codes stand for any. */
export interface MapRow { project: string; channel: string; site_id?: string; name: string }

/** What keeps the lines from being stored; empty when nothing does. */
export function mapMissing(rows: MapRow[]): string {
  if (rows.some((r) => !r.project.trim() && !r.channel.trim())) return '编码和通道至少填一个';
  const keys = rows.map((r) => `${r.project.trim()}\n${r.channel.trim()}`);
  if (new Set(keys).size < keys.length) return '同一对只写一次';
  return rows.some((r) => !r.site_id) ? '先选点位' : '';
}

/** What is sent: all lines, since they replace those that were there. */
export function mapBody(rows: MapRow[]): { project: string; channel: string; site_id: string }[] {
  return rows.map((r) => ({ project: r.project.trim(), channel: r.channel.trim(), site_id: r.site_id! }));
}

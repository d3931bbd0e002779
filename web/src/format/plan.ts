/** "立即", "6 分", "1 分 30 秒": when a wave goes out after publishing. */
export function afterWords(seconds: number): string {
  if (seconds <= 0) return '立即';
  const m = Math.floor(seconds / 60);
  const s = seconds % 60;
  return [m && `${m} 分`, s && `${s} 秒`].filter(Boolean).join(' ');
}

/** What a report must be proved with: of each group at least one. */
export type Proof = { code: string; label: string }[][];

/** What is still lacking, in words; empty when the duty room will take the report. A single one that is lacking stands before a choice. */
export function lacking(proof: Proof | null | undefined, have: string[]): string {
  const open = (proof ?? []).filter((group) => !group.some((e) => have.includes(e.code))).sort((a, b) => a.length - b.length);
  return open[0] ? `还要${open[0].length > 1 ? '一样' : ''}：${open[0].map((e) => e.label).join('或')}` : '';
}

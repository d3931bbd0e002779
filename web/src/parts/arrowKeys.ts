/** ↑ and ↓ move the focus among the rows of a list. */
export function arrowKeys(event: KeyboardEvent, selector: string): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
  const rows = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>(selector)];
  const at = rows.indexOf(document.activeElement as HTMLElement);
  const next = rows[at + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** True while the keyboard writes text, so that a letter is not a command. */
export function writing(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.metaKey || event.altKey
    || (event.target instanceof HTMLElement && event.target.closest('input,textarea,select') !== null);
}

/** How often a ringing board is heard, in ms. */
export const ringEvery = 10_000;

/** What keeps a bell quiet although something is silent: a reason, for so many sites as there were. */
export interface Hush { sites: number; reason: string }

/** Whether the bell is to be heard; more silent sites than were hushed ring again. */
export function rings(silent: number, hush: Hush | null): boolean {
  return silent > (hush?.sites ?? 0);
}

/** The hush after the number of silent sites has changed: fewer sites lower it, none ends it. */
export function hushAfter(hush: Hush | null, silent: number): Hush | null {
  if (!hush || silent === 0) return null;
  return silent < hush.sites ? { ...hush, sites: silent } : hush;
}

/** The bell of the desk. A browser lets it sound only after a click of the person. */
export class Bell {
  private context: AudioContext | null = null;

  /** Call from within a click. Whether it can be heard from now on. */
  async unlock(): Promise<boolean> {
    this.context ??= new AudioContext();
    await this.context.resume();
    return this.context.state === 'running';
  }

  /** Two short tones. */
  ring(): void {
    const c = this.context;
    if (c?.state !== 'running') return;
    [0, 0.22].forEach((after) => {
      const tone = c.createOscillator();
      const volume = c.createGain();
      const from = c.currentTime + after;
      tone.frequency.value = 880;
      volume.gain.setValueAtTime(0, from);
      volume.gain.linearRampToValueAtTime(0.4, from + 0.02);
      volume.gain.linearRampToValueAtTime(0, from + 0.18);
      tone.connect(volume).connect(c.destination);
      tone.start(from);
      tone.stop(from + 0.2);
    });
  }
}

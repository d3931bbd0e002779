/** Length of one rise and fall, in seconds. */
const wail = 1.6;

/**
 * The alarm: a rising and falling tone that no message and no call sounds like,
 * with the phone shaking. A browser lets it sound only after the person touched
 * the page once.
 */
export class Siren {
  private context: AudioContext | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;

  /** Call from within a touch. Whether it can be heard from now on. */
  async unlock(): Promise<boolean> {
    try {
      this.context ??= new AudioContext();
      await this.context.resume();
    } catch {
      return false; // no sound on this device
    }
    return this.context.state === 'running';
  }

  get unlocked(): boolean {
    return this.context?.state === 'running';
  }

  start(): void {
    if (this.timer !== undefined) return;
    this.sound();
    this.timer = setInterval(() => this.sound(), wail * 1000);
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(0);
  }

  private sound(): void {
    if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.([400, 150, 400]);
    const c = this.context;
    if (c?.state !== 'running') return;
    const tone = c.createOscillator();
    const volume = c.createGain();
    const from = c.currentTime;
    tone.type = 'square';
    tone.frequency.setValueAtTime(620, from);
    tone.frequency.linearRampToValueAtTime(1250, from + wail * 0.45);
    tone.frequency.linearRampToValueAtTime(620, from + wail * 0.9);
    volume.gain.setValueAtTime(0.0001, from);
    volume.gain.exponentialRampToValueAtTime(0.5, from + 0.05);
    volume.gain.setValueAtTime(0.5, from + wail * 0.8);
    volume.gain.exponentialRampToValueAtTime(0.0001, from + wail * 0.9);
    tone.connect(volume).connect(c.destination);
    tone.start(from);
    tone.stop(from + wail * 0.9);
  }
}

import { toLocalInput } from '../format/time';

/** The evening that is meant by now: in the small hours and the morning it is still the one before. In China's time. */
export const eveningOf = (now: number): string => toLocalInput(now - 12 * 3600_000).slice(0, 10);

import { shallowRef } from 'vue';

/** A text from the paste box that no parser made a draft of: an officer writes it by hand, with the text and the scan at his side. */
export interface HandDraft { raw_id: string; text: string; source: string; scan: File | null }

/** The text on its way from the paste box to the editor. A file cannot travel in an address. */
export const handDraft = shallowRef<HandDraft | null>(null);

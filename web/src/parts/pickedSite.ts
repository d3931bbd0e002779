import type { Measure } from '../api/types';

/** A site an officer picked from a list to decide about; without a measure it is not under the area yet. */
export interface PickedSite { site_id: string; name: string; measure?: Measure }

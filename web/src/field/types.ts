import type { components } from '../api/schema';

// The document of the API is the source; what is embedded in Go stands apart there.
type S = components['schemas'];

export type Me = S['Me'];
export type Thread = S['ThreadView'] & S['MyThreadView'];
export type Notice = S['MyNoticeView'];
export type Pin = S['SitePin'];
export type Muster = Omit<S['MusterView'], 'people'> & { people: Person[] };
export type Person = S['MusterPersonView'] & S['ContactView'];
export type Mark = S['MarkBody'];
export type Evening = S['EveningView'];
export type EveningBody = S['CountEveningRequestBody'];
export type ActBody = S['ActRequestBody'];
export type Standings = S['StandingsView'];
export type Leave = S['LeaveView'];
export type LeaveBody = S['GiveLeaveRequestBody'];
export type SitePerson = S['PersonView'];
export type Site = S['SiteView'];
export type Positions = S['PositionsView'];
export type Reported = S['ReportedView'];

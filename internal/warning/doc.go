// Package warning is WHAT: the canonical model of a warning message (预警信息),
// the vocabulary of levels, hazards and measures, the rule book that proposes a
// measure (措施) for a site, and the rules that place a message in an episode
// (预警过程).
//
// Everything here is pure: no clock, no database, no network. Geometry is
// WGS 84, longitude before latitude.
package warning
